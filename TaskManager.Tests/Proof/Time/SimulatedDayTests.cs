using Microsoft.Extensions.Logging;
using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Time;

[Trait("Proof", "time")]
[Collection(Alone.Name)]
public sealed class SimulatedDayTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Day_WithRetention_TheHeapAtItsEndIsThatOfTheFirstHourAndNoStartDrifts()
    {
        int hours = ProofSize.Of(2, 24);
        int tasksASecond = ProofSize.Of(10, 115);
        long drifted = 0;
        await using var fixture = EngineFixture.Create((task, context) => Task.FromResult(Work(task, context)));
        ITaskStore store = fixture.Store;
        store.Changed += change => // inside the store's gate, the clock standing at the moment
            drifted += change.From == TaskState.Scheduled && change.Record.Status.DueAt != change.At.Elapsed ? 1 : 0;
        fixture.Engine.Start();
        long afterTheFirst = 0;
        for (int hour = 1; hour <= hours; hour++)
        {
            for (int second = 0; second < 3_600; second++)
            {
                await SubmitAsync(fixture, tasksASecond);
                await fixture.Tasks.WhenIdleAsync().WithPatience();
                fixture.Clock.Advance(Second);
            }

            if (hour == 1)
            {
                afterTheFirst = Alone.Heap();
            }
        }

        await fixture.Tasks.WhenIdleAsync().WithPatience();
        long atTheEnd = Alone.Heap();

        TestContext.Current.TestOutputHelper?.WriteLine($"Heap after the first hour: {afterTheFirst:N0} bytes, after {hours}: {atTheEnd:N0}");
        TaskStatistics statistics = await fixture.Tasks.GetStatisticsAsync();
        Assert.Equal(0, drifted);
        Assert.Equal(hours * 3_600L * tasksASecond, statistics.Counts.Accepted);
        Assert.Equal(statistics.Counts.Accepted, statistics.Counts.ByState.Values.Sum() + statistics.Counts.Removed);
        Assert.True(statistics.Counts.ByState.Where(pair => pair.Key.IsFinal()).Sum(pair => pair.Value) <= 601 * tasksASecond, "Ten minutes' worth is kept.");
        Assert.True(atTheEnd <= afterTheFirst * 1.05, $"The heap has grown from {afterTheFirst:N0} to {atTheEnd:N0} bytes.");
    }

    private static async Task SubmitAsync(EngineFixture fixture, int count)
    {
        TaskHandle<string>? before = null;
        for (int i = 0; i < count; i++)
        {
            before = (i % 10) switch
            {
                // Between two sweeps, so that only the alarm can be on time.
                1 => await fixture.SubmitAsync("soon", new SubmitOptions { Delay = TimeSpan.FromSeconds(0.25) }),
                2 => await fixture.SubmitAsync("later", new SubmitOptions { Delay = TimeSpan.FromSeconds(30.75) }),
                3 => await fixture.SubmitAsync("flaky", new SubmitOptions { MaxAttempts = 2 }),
                5 => await fixture.SubmitAsync("child", new SubmitOptions { DependsOn = [before!.Id] }),
                7 => await fixture.SubmitAsync("talkative"),
                _ => await fixture.SubmitAsync("plain", new SubmitOptions { FairnessKey = $"{i % 3}", Priority = (TaskPriority)(i % 4) }),
            };
        }
    }

    private static string Work(Work task, TaskContext context)
    {
        switch (task.Name)
        {
            case "flaky" when context.Attempt == 1:
                throw new TaskAttemptException("once", "It fails the first time.") { RetryAfter = TimeSpan.FromSeconds(5) };
            case "talkative":
                context.ReportProgress(1, 1, "done");
                context.Logger.LogInformation("a line");
                break;
        }

        return task.Name;
    }
}
