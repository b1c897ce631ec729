using TaskManager.Signals;
using static TaskManager.Tests.Core.Signals.EventSteps;

namespace TaskManager.Tests.Core.Signals;

public sealed class TaskWatcherOfAllTests
{
    private static readonly TaskWatchFilter Everything = new();

    private readonly EventLog _log = new(maxEvents: 1);
    private readonly StoreSteps _steps = StoreSteps.InMemory(new ManualClock());
    private readonly TaskWatcher _watcher;

    public TaskWatcherOfAllTests() => _watcher = new TaskWatcher(_steps.Store, _log, maxSubscribers: 2);

    [Fact]
    public async Task WatchAll_WithoutAPlace_BeginsNow()
    {
        Fill(_log, 10);
        await using var watch = Watch(Everything);
        Task<string> next = watch.NextAsync();
        Assert.False(next.IsCompleted);

        AppendStatus(_log, Definition(1), TaskState.Failed, TaskState.Processing);

        Assert.Equal("failed", await next);
        Assert.Equal("processing", await watch.NextAsync());
    }

    [Fact]
    public async Task WatchAll_AfterAPlace_GivesEverythingBehindItHoweverMuch()
    {
        TaskDefinition task = Definition(1);
        for (int i = 1; i <= 700; i++)
        {
            AppendLog(_log, task, $"{i}");
        }

        await using var watch = Watch(Everything, new TaskEventId(_log.Process, 100));
        for (int i = 101; i <= 700; i++)
        {
            Assert.Equal($"{i}", await watch.NextAsync());
        }

        Task<string> next = watch.NextAsync();
        Assert.False(next.IsCompleted);
        AppendLog(_log, task, "701");
        Assert.Equal("701", await next);
    }

    [Fact]
    public async Task WatchAll_FewOfManyMatch_FindsThemAndSleepsThen()
    {
        TaskDefinition task = Definition(1);
        Fill(_log, 600);
        AppendStatus(_log, task, TaskState.TimedOut);
        Fill(_log, 300);
        await using var watch = Watch(new TaskWatchFilter { States = [TaskState.TimedOut] }, new TaskEventId(_log.Process, 0));

        Assert.Equal("timed_out", await watch.NextAsync());
        Assert.Equal(601, watch.Current.Id.Number);
        Task<string> next = watch.NextAsync();
        AppendStatus(_log, task, TaskState.Queued, TaskState.TimedOut);

        Assert.Equal("timed_out", await next);
    }

    [Fact]
    public async Task WatchAll_PlaceThatIsKeptNoMore_IsTold()
    {
        Fill(_log, Capacity + 2);
        await using var watch = Watch(Everything, new TaskEventId(_log.Process, 1));

        Assert.Equal("reset", await watch.NextAsync());
        Assert.Equal(new TaskResetEvent(new TaskEventId(_log.Process, Capacity + 2), Guid.Empty, _steps.Store.Now.Utc, Record: null), watch.Current);
        AppendLog(_log, Definition(1), "next");
        Assert.Equal("next", await watch.NextAsync());
    }

    [Fact]
    public async Task WatchAll_PlaceOfAnotherProcess_IsTold()
    {
        Fill(_log, 3);
        await using var watch = Watch(Everything, new TaskEventId(_log.Process + 1, 1));

        Assert.Equal("reset", await watch.NextAsync());
    }

    [Fact]
    public async Task WatchAll_TokenFires_EndsAndLeavesNothingBehind()
    {
        using var source = new CancellationTokenSource();
        await using var watch = new WatchSteps(_watcher.WatchAllAsync(Everything, after: null, source.Token));
        Task<string> next = watch.NextAsync();
        Assert.Equal(1, _log.Subscribers.Count);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        Assert.Equal(0, _log.Subscribers.Count);
    }

    [Fact]
    public async Task Watch_TokenFires_EndsAndLeavesNothingBehind()
    {
        TaskRecord task = await _steps.AddAsync();
        AppendStatus(_log, task.Definition, TaskState.Queued);
        using var source = new CancellationTokenSource();
        await using var watch = new WatchSteps(_watcher.WatchAsync(task.Id, after: null, source.Token));
        Assert.Equal("queued", await watch.NextAsync());
        Task<string> next = watch.NextAsync();

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        Assert.Equal(0, _log.Subscribers.Count);
    }

    [Fact]
    public async Task Watch_AsManyAsMayBe_IsRefusedUntilOneLeaves()
    {
        TaskRecord task = await _steps.AddAsync();
        AppendStatus(_log, task.Definition, TaskState.Queued, TaskState.Processing);
        await using var ofAll = Watch(Everything, new TaskEventId(_log.Process, 0));
        await ofAll.NextAsync();
        var ofTask = new WatchSteps(_watcher.WatchAsync(task.Id, after: null, CancellationToken.None));
        await ofTask.NextAsync();

        var refusal = await Assert.ThrowsAsync<TooManyWaitersException>(() => Watch(Everything).NextAsync());
        Assert.StartsWith("2 ", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TooManyWaitersException>(() => WatchSteps.CollectAsync(_watcher.WatchAsync(task.Id, after: null, CancellationToken.None)));
        Assert.Equal(2, _log.Subscribers.Count);
        await ofTask.DisposeAsync();

        await using var another = Watch(Everything, new TaskEventId(_log.Process, 0));
        Assert.Equal("queued", await another.NextAsync());
    }

    [Fact]
    public async Task Watch_TwoComeAtOnce_OneGetsIn()
    {
        const int Rounds = 3_000;
        Fill(_log, 1);
        var watcher = new TaskWatcher(_steps.Store, _log, maxSubscribers: 1);
        using var turn = new Barrier(2);
        int[] inside = new int[Rounds];

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(Come, TaskCreationOptions.LongRunning)));

        Assert.All(inside, count => Assert.Equal(1, count));
        Assert.Equal(0, _log.Subscribers.Count);

        void Come()
        {
            for (int round = 0; round < Rounds; round++)
            {
                IAsyncEnumerator<TaskEvent> watch = watcher.WatchAllAsync(Everything, new TaskEventId(_log.Process, 0), CancellationToken.None).GetAsyncEnumerator();
                Assert.True(turn.SignalAndWait(Patience.Generous));
                if (watch.MoveNextAsync().AsTask().IsCompletedSuccessfully)
                {
                    Interlocked.Increment(ref inside[round]);
                }

                Assert.True(turn.SignalAndWait(Patience.Generous));
                Assert.True(watch.DisposeAsync().AsTask().IsCompletedSuccessfully);
            }
        }
    }

    private WatchSteps Watch(TaskWatchFilter filter, TaskEventId? after = null) => new(_watcher.WatchAllAsync(filter, after, CancellationToken.None));
}
