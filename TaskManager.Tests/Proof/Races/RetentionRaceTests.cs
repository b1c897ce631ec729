using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TaskManager.Storage;
using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Races;

/// <summary>Removal against those who read, wait, watch and write at the same moment.</summary>
[Trait("Proof", "races")]
public sealed class RetentionRaceTests
{
    [Fact]
    public async Task RetentionAgainstRead_TasksThatAreGoneInAMoment_AreReadWholeOrNotAtAll()
    {
        int count = ProofSize.Of(20_000, 1_000_000);
        await using var fixture = EngineFixture.Create(
            (task, context) =>
            {
                context.ReportProgress(1, 1);
                context.Logger.LogInformation("once");
                return Task.FromResult(task.Name);
            },
            options => options.MaxRetained = 8);
        var newest = new ConcurrentQueue<Guid>();
        bool isOver = false;
        long reads = 0;
        Task[] readers = [.. Enumerable.Range(0, 3).Select(reader => Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver))
            {
                if (newest.TryDequeue(out Guid id))
                {
                    await ReadAsync(fixture.Tasks, id, reader);
                    Interlocked.Increment(ref reads);
                }

                await Task.Yield();
            }
        }))];

        for (int i = 0; i < count; i++)
        {
            newest.Enqueue((await fixture.SubmitAsync($"{i}")).Id);
            if (i % 1_000 == 999)
            {
                await Patience.UntilAsync(() => newest.IsEmpty || Array.Exists(readers, reader => reader.IsFaulted)); // readers that got no processor so far come in between
            }

            while (newest.Count > 4)
            {
                newest.TryDequeue(out _);
            }
        }

        await fixture.Tasks.WhenIdleAsync().WithPatience();
        Volatile.Write(ref isOver, true);
        await Task.WhenAll(readers).WithPatience();

        Assert.True(reads >= count / 1_000, $"{reads} reads.");
        TaskStatistics statistics = await fixture.Tasks.GetStatisticsAsync();
        Assert.Equal((count, count - 8), (statistics.Counts.Accepted, statistics.Counts.Removed));
        Assert.Equal((0, 0), (statistics.Bounds["waiters"].Used, statistics.Bounds["subscribers"].Used));
    }

    [Fact]
    public async Task AppendLog_TaskRemovedBeforeTheLineIsIn_TakesNoRoomForGood()
    {
        var clock = new SyncPointClock(new ManualClock());
        await using ServiceProvider provider = new ServiceCollection().AddTaskManager().AddHandler("work", (Work task, TaskContext _) => task.Name).Services.BuildServiceProvider();
        var store = new InMemoryTaskStore(new TaskManagerOptions(), clock);
        TaskRecord task = (await store.AddAsync(new TaskSubmission(provider.GetRequiredService<TaskTypeRegistry>().All[0], null, new SubmitOptions()), CancellationToken.None)).Record;
        var claimed = new TaskRecord[1];
        await store.ClaimAsync(new TaskClaim("holder", "worker", new TaskTypeSet(["work"]), Timeout.InfiniteTimeSpan), claimed, CancellationToken.None);
        Assert.True(await store.AppendLogAsync(task.Id, attempt: 1, LogLevel.Information, "in time", CancellationToken.None));
        clock.BeforeNow = () =>
        {
            LifecycleStatus ended = TaskLifecycle.Apply(claimed[0], LifecycleEvent.Complete(1, "done"), store.Now).Next!;
            Assert.Equal(UpdateOutcome.Updated, store.TryUpdateAsync(claimed[0], ended, CancellationToken.None).AtOnce());
            Assert.Equal(RemoveOutcome.Removed, store.RemoveAsync(task.Id, CancellationToken.None).AtOnce());
        };

        bool isIn = await store.AppendLogAsync(task.Id, attempt: 1, LogLevel.Information, "too late", CancellationToken.None);

        Assert.False(isIn);
        Assert.Equal(0, (await store.CountAsync(CancellationToken.None)).StoredBytes);
    }

    private static async Task ReadAsync(ITaskManager tasks, Guid id, int way)
    {
        try
        {
            switch (way)
            {
                case 0:
                    TaskRecord? ended = await tasks.WaitForEndAsync(id, Timeout.InfiniteTimeSpan).Patiently();
                    Assert.True(ended is null or { State: TaskState.Completed, Status: { Result: not null, FinishedAt: not null } });
                    TaskLogPage? page = await tasks.ReadLogAsync(id);
                    Assert.True(page is null or { Items.Count: 1, Dropped: 0 });
                    break;
                case 1:
                    TaskEvent? last = null;
                    await foreach (TaskEvent happened in tasks.WatchAsync(id))
                    {
                        last = happened;
                    }

                    Assert.True(last is TaskStatusEvent { State: TaskState.Completed } or TaskResetEvent { Record.State: TaskState.Completed });
                    break;
                default:
                    TaskPage list = await tasks.ListAsync(new TaskQuery { Limit = 20 });
                    Assert.All(list.Items, record => Assert.Equal(record.IsDone, record.Status.FinishedAt is not null));
                    Assert.Equal(list.Items.OrderByDescending(record => record.Definition.Sequence), list.Items);
                    break;
            }
        }
        catch (TaskNotFoundException)
        {
            // gone before it was looked for: so it was told
        }
    }
}
