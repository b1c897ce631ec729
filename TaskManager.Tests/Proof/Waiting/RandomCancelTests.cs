using TaskManager.Tests.Core.Engine;
using TaskManager.Tests.Proof.Races;

namespace TaskManager.Tests.Proof.Waiting;

[Trait("Proof", "waiting")]
public sealed class RandomCancelTests
{
    [Fact]
    public async Task Cancel_TasksOfSomeMilliseconds_AtRandomMoments_OneEndAndOneFinalEventEach()
    {
        int count = ProofSize.Of(2_000, 200_000);
        var random = new Random(ProofSize.Seed());
        await using var fixture = EngineFixture.Create(
            async (task, context) =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(task.Name[0] - '0'), context.Clock, context.CancellationToken);
                return task.Name;
            },
            options =>
            {
                options.MaxConcurrency = 16;
                options.MaxEvents = 8 * count;
                options.Retention = TimeSpan.FromDays(30); // the clock runs on while a thread is late with the last of them
                options.QueueCapacity = options.MaxRetained = options.MaxWaiters = count;
            });
        var ends = new FinalEvents(fixture.Store);
        var handles = new List<TaskHandle<string>>();
        var waiting = new List<Task<TaskRecord>>();
        var cancels = new List<(TaskHandle<string> Handle, int At)>();
        for (int i = 0; i < count; i++)
        {
            TaskHandle<string> handle = await fixture.SubmitAsync($"{random.Next(6)}");
            handles.Add(handle);
            waiting.Add(handle.WhenEndedAsync());
            cancels.Add((handle, random.Next(count / 8)));
        }

        Dictionary<Guid, TaskMove> moves = await CancelAllAsync(fixture, cancels, ends);
        await Patience.UntilAsync(() =>
        {
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
            return waiting.TrueForAll(wait => wait.IsCompleted);
        });

        await ends.AssertOneEachAsync();
        Assert.Equal(count, ends.Tasks);
        for (int i = 0; i < count; i++)
        {
            await AssertAgreesAsync(fixture.Tasks, await waiting[i], moves[handles[i].Id]);
        }

        TaskCounts counts = (await fixture.Tasks.GetStatisticsAsync()).Counts;
        Assert.Equal(count, counts.ByState[TaskState.Completed] + counts.ByState[TaskState.Cancelled]);
        Assert.Equal(counts.Accepted, counts.ByState.Values.Sum() + counts.Removed);
        Assert.Equal(counts.ByState[TaskState.Cancelled], waiting.Count(wait => wait.Result.State == TaskState.Cancelled));
        Assert.True(counts.ByState[TaskState.Completed] > 0 && counts.ByState[TaskState.Cancelled] > 0, "Both kinds of end were tried.");
    }

    private static async Task<Dictionary<Guid, TaskMove>> CancelAllAsync(EngineFixture fixture, List<(TaskHandle<string> Handle, int At)> cancels, FinalEvents ends)
    {
        await Patience.UntilAsync(() =>
        {
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
            return ends.Tasks > 0; // the slots have got a processor before all is cancelled
        });

        var moves = new Dictionary<Guid, TaskMove>();
        int millisecond = 0;
        foreach ((TaskHandle<string> handle, int at) in cancels.OrderBy(cancel => cancel.At))
        {
            for (; millisecond < at; millisecond++)
            {
                fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
                await Task.Yield();
            }

            moves[handle.Id] = await handle.CancelAsync();
        }

        return moves;
    }

    private static async Task AssertAgreesAsync(ITaskManager tasks, TaskRecord ended, TaskMove cancel)
    {
        TaskRecord kept = (await tasks.GetAsync(ended.Id))!.Value;
        Assert.Same(ended.Status, kept.Status);
        switch (cancel.Outcome)
        {
            case MoveOutcome.Refused:
                Assert.Equal((TaskState.Completed, TaskState.Completed, false), (cancel.Record.State, ended.State, ended.Status.CancelRequested));
                break;
            case MoveOutcome.Applied when cancel.Record.State == TaskState.Cancelled:
                Assert.Equal((TaskState.Cancelled, 0), (ended.State, ended.Status.Attempt));
                break;
            default:
                Assert.Equal((MoveOutcome.Applied, TaskState.Processing, true), (cancel.Outcome, cancel.Record.State, ended.Status.CancelRequested));
                break;
        }

        int finals = 0;
        await foreach (TaskEvent happened in tasks.WatchAsync(ended.Id))
        {
            finals += happened is TaskStatusEvent { State: TaskState.Completed or TaskState.Cancelled } ? 1 : 0;
        }

        Assert.Equal(1, finals);
    }
}
