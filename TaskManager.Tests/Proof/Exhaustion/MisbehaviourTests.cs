using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Exhaustion;

/// <summary>Handlers of every bad kind at once, among good ones.</summary>
[Trait("Proof", "exhaustion")]
[Collection(Alone.Name)]
public sealed class MisbehaviourTests
{
    private static readonly string[] Kinds = ["blocks", "ignores", "throws in callback", "blocks in callback", "re-enters", "never ends"];

    [Fact]
    public async Task Handlers_OfEveryBadKindAtOnce_AreGotRidOfWhileTheGoodOnesRun()
    {
        int rounds = ProofSize.Of(3, 100);
        for (int round = 0; round < rounds; round++)
        {
            await PlayAsync();
        }
    }

    private static async Task PlayAsync()
    {
        using var released = new ManualResetEventSlim();
        var never = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        int entered = 0;
        EngineFixture? fixture = null;
        fixture = EngineFixture.Create(
            (task, context) =>
            {
                Interlocked.Increment(ref entered);
                return task.Name == "good" ? Task.FromResult(task.Name) : MisbehaveAsync(task.Name, context, fixture!.Tasks, released, never.Task);
            },
            options => options.MaxConcurrency = Kinds.Length);
        await using (fixture)
        {
            TaskHandle<string>[] bad = await Task.WhenAll(Kinds.Select(kind => fixture.SubmitAsync(kind)));
            await Patience.UntilAsync(() => Volatile.Read(ref entered) == Kinds.Length);
            TaskHandle<string>[] good = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => fixture.SubmitAsync("good")));

            foreach (TaskHandle<string> handle in bad)
            {
                Assert.Equal(MoveOutcome.Applied, (await handle.CancelAsync().Patiently()).Outcome); // it would hang here if it ran a callback
            }

            fixture.Clock.Advance(TimeSpan.FromSeconds(30)); // those that took no notice are abandoned

            await Task.WhenAll(good.Select(handle => handle.WaitAsync())).Patiently();
            TaskRecord[] ended = await Task.WhenAll(bad.Select(handle => handle.WhenEndedAsync())).Patiently();
            Assert.All(ended, record => Assert.Equal(TaskState.Cancelled, record.State));
            Assert.InRange(fixture.Pool.Status.Abandoned, 3, Kinds.Length);
            Assert.True(fixture.Tasks.Readiness.IsReady);

            released.Set();
            never.SetResult("at last");
            await Patience.UntilAsync(() => fixture.Pool.Status is { Busy: 0, Abandoned: 0 });
            Assert.Equal(ended.Select(record => record.Status.Version), await Task.WhenAll(bad.Select(async handle => (await handle.GetAsync())!.Value.Status.Version)));
            TaskCounts counts = (await fixture.Tasks.GetStatisticsAsync()).Counts;
            Assert.Equal((200, Kinds.Length), (counts.ByState[TaskState.Completed], (int)counts.ByState[TaskState.Cancelled]));
        }
    }

    private static async Task<string> MisbehaveAsync(string kind, TaskContext context, ITaskManager tasks, ManualResetEventSlim released, Task<string> never)
    {
        switch (kind)
        {
            case "blocks":
                released.Wait();
                return kind;
            case "ignores":
                await never;
                throw new InvalidOperationException("Nobody listens any more.");
            case "throws in callback":
                context.CancellationToken.Register(() => throw new InvalidOperationException("from a callback"));
                break;
            case "blocks in callback":
                context.CancellationToken.Register(() => released.Wait());
                break;
            case "re-enters":
                context.CancellationToken.Register(() => _ = tasks.PauseAsync(context.TaskId).AsTask());
                break;
            default:
                return await never;
        }

        return await never.WaitAsync(context.CancellationToken);
    }
}
