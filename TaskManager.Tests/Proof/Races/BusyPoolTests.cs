using System.Collections.Concurrent;
using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Races;

/// <summary>Requests to running tasks while the pool has its hands full. The law is that they arrive; how long it takes is only told.</summary>
[Trait("Proof", "races")]
public sealed class BusyPoolTests
{
    private static readonly int Count = ProofSize.Of(300, 20_000);

    [Fact]
    public async Task Cancel_PoolBusy_ReachesTheHandlerOfTheRunningTask()
    {
        var arrivals = new ConcurrentDictionary<Guid, long>();
        await using var fixture = EngineFixture.Create(async (task, context) =>
        {
            if (task.Name == "load")
            {
                await Task.Yield();
                return task.Name;
            }

            using CancellationTokenRegistration told = context.CancellationToken.Register(() => arrivals[context.TaskId] = TimeProvider.System.GetTimestamp());
            await Task.Delay(Timeout.InfiniteTimeSpan, context.Clock, context.CancellationToken);
            return task.Name;
        });
        await using var load = Load.On(fixture);
        var times = new List<TimeSpan>();
        for (int i = 0; i < Count; i++)
        {
            TaskHandle<string> handle = await fixture.SubmitAsync("long", new SubmitOptions { Priority = TaskPriority.Critical });
            await handle.WhenAsync(TaskState.Processing).Patiently();
            long asked = TimeProvider.System.GetTimestamp();

            await handle.CancelAsync();

            Assert.Equal(TaskState.Cancelled, (await handle.WhenEndedAsync().Patiently()).State);
            if (arrivals.TryGetValue(handle.Id, out long arrived))
            {
                times.Add(TimeProvider.System.GetElapsedTime(asked, arrived));
            }
        }

        Tell("cancel", times);
    }

    [Fact]
    public async Task Pause_PoolBusy_ReachesTheHandlerOfTheRunningTask()
    {
        await using var fixture = EngineFixture.Create(async (task, context) =>
        {
            while (task.Name != "load" && !context.CancellationToken.IsCancellationRequested)
            {
                await context.CheckpointAsync();
                await Task.Yield();
            }

            await Task.Yield();
            return task.Name;
        });
        await using var load = Load.On(fixture);
        var times = new List<TimeSpan>();
        for (int i = 0; i < Count; i++)
        {
            TaskHandle<string> handle = await fixture.SubmitAsync("long", new SubmitOptions { Priority = TaskPriority.Critical });
            await handle.WhenAsync(TaskState.Processing).Patiently();
            long asked = TimeProvider.System.GetTimestamp();

            await handle.PauseAsync();

            Assert.True((await handle.WhenAsync(TaskState.Paused).Patiently()).Status.IsSuspended);
            times.Add(TimeProvider.System.GetElapsedTime(asked));
            await handle.CancelAsync();
            Assert.True((await handle.WhenEndedAsync().Patiently()).IsDone);
        }

        Tell("pause", times);
    }

    private static void Tell(string what, List<TimeSpan> times)
    {
        times.Sort();
        string p99 = times.Count == 0 ? "unknown" : $"{times[(int)((times.Count - 1) * 0.99)].TotalMilliseconds:0.###} ms";
        TestContext.Current.TestOutputHelper?.WriteLine($"p99 from the {what} to the handler with a busy pool: {p99} ({times.Count} times)");
    }

    /// <summary>Keeps as many small tasks in the queue as will never run out.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly Task _submitting;
        private volatile bool _isOver;

        private Load(EngineFixture fixture) => _submitting = Task.Run(async () =>
        {
            while (!_isOver)
            {
                await fixture.SubmitAsync("load");
                while (!_isOver && (await fixture.Tasks.GetStatisticsAsync()).Counts.Unfinished > 500)
                {
                    await Task.Yield();
                }
            }
        });

        public static Load On(EngineFixture fixture) => new(fixture);

        public async ValueTask DisposeAsync()
        {
            _isOver = true;
            await _submitting;
        }
    }
}
