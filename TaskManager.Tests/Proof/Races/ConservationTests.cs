using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Races;

/// <summary>What goes in comes out, once, however often those who take it are stopped.</summary>
[Trait("Proof", "races")]
public sealed class ConservationTests
{
    [Fact]
    public async Task Pool_ConsumersStoppedAtRandom_RunsEachTaskOnce()
    {
        int count = ProofSize.Of(100_000, 3_000_000);
        var random = new Random(ProofSize.Seed());
        int[] runs = new int[count + 1];
        int done = 0;
        await using var fixture = EngineFixture.Create(
            (task, _) =>
            {
                Interlocked.Increment(ref runs[int.Parse(task.Name, System.Globalization.CultureInfo.InvariantCulture)]);
                Interlocked.Increment(ref done);
                return Task.FromResult(task.Name);
            },
            options => (options.QueueCapacity, options.MaxRetained) = (10_000, 1_000));
        Task<int>[] submitting = [.. Enumerable.Range(0, 4).Select(part => Task.Run(() => SubmitAsync(fixture, part, count)))];
        Task all = Task.WhenAll(submitting);

        while (!all.IsCompleted)
        {
            // Slots that go take their consumers with them, in whatever those are doing.
            fixture.Pool.Scale(random.Next(4) == 0 ? 0 : random.Next(1, 12));
            if (random.Next(4) == 0)
            {
                fixture.Pool.Stop();
                fixture.Pool.Start();
            }

            for (int i = random.Next(200); i > 0; i--)
            {
                await Task.Yield();
            }
        }

        await all;
        fixture.Pool.Start();
        fixture.Pool.Scale(5);
        await fixture.Tasks.WhenIdleAsync().WithPatience();

        int accepted = submitting.Sum(part => part.Result);
        TaskCounts counts = (await fixture.Tasks.GetStatisticsAsync()).Counts;
        Assert.Equal(accepted, Volatile.Read(ref done));
        Assert.Equal((accepted, accepted), (counts.Accepted, counts.ByState[TaskState.Completed] + counts.Removed));
        Assert.DoesNotContain(runs, times => times > 1);
        await Patience.UntilAsync(() => fixture.Pool.Status.Busy == 0);
    }

    /// <summary>Submits every fourth number, and gives up now and then while it waits for room.</summary>
    /// <returns>How many were accepted.</returns>
    private static async Task<int> SubmitAsync(EngineFixture fixture, int part, int count)
    {
        var random = new Random(part);
        int accepted = 0;
        for (int i = part; i < count; i += 4)
        {
            using var impatience = new CancellationTokenSource();
            ValueTask<TaskHandle<string>> submitting = fixture.Tasks.SubmitAsync(new Work($"{i}"), cancellationToken: impatience.Token);
            try
            {
                if (!submitting.IsCompleted && random.Next(3) == 0)
                {
                    await impatience.CancelAsync();
                }

                await submitting;
                accepted++;
            }
            catch (OperationCanceledException)
            {
                // not accepted, and so it must not run
            }
        }

        return accepted;
    }
}
