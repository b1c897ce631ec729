using TaskManager.Signals;
using static TaskManager.Tests.Core.Signals.EventSteps;

namespace TaskManager.Tests.Core.Signals;

/// <summary>Watches of one task; <see cref="TaskWatcherOfAllTests"/> has those of all.</summary>
public sealed class TaskWatcherTests
{
    private readonly EventLog _log = new(maxEvents: 1);
    private readonly StoreSteps _steps = StoreSteps.InMemory(new ManualClock());
    private readonly TaskWatcher _watcher;

    public TaskWatcherTests()
    {
        _steps.Store.Changed += change => _log.AppendStatus(change.Record, At(0));
        _watcher = new TaskWatcher(_steps.Store, _log, maxSubscribers: 2);
    }

    [Fact]
    public async Task Watch_UnknownTask_Throws()
    {
        Guid unknown = Guid.NewGuid();

        var thrown = await Assert.ThrowsAsync<TaskNotFoundException>(() => CollectAsync(unknown));

        Assert.Contains($"{unknown}", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(0, _log.Subscribers.Count);
    }

    [Fact]
    public async Task Watch_FromTheFirstKeptEvent_GoesOnLiveToTheFinalOne()
    {
        TaskRecord task = await _steps.AddAsync();
        await using var watch = new WatchSteps(_watcher.WatchAsync(task.Id, after: null, CancellationToken.None));
        Assert.Equal("queued", await watch.NextAsync());
        Task<string> next = watch.NextAsync();
        Assert.False(next.IsCompleted);

        await _steps.ClaimAsync(task);
        Assert.Equal("processing", await next);
        await _steps.CompleteAsync(task.Id);
        Assert.Equal("completed", await watch.NextAsync());

        Assert.Equal("end", await watch.NextAsync());
        Assert.Equal(0, _log.Subscribers.Count);
    }

    [Fact]
    public async Task Watch_AfterAPlace_GivesWhatComesBehindIt()
    {
        TaskRecord task = await _steps.RunAsync();

        Assert.Equal(["processing", "completed"], await CollectAsync(task.Id, Place(1)));
        Assert.Equal(["completed"], await CollectAsync(task.Id, Place(2)));
        Assert.Empty(await CollectAsync(task.Id, Place(3)));
    }

    [Fact]
    public async Task Watch_BehindTheEndOfAFormerLife_GoesOnWithTheNext()
    {
        TaskRecord task = await _steps.AddAsync();
        await _steps.CancelAsync(task.Id);
        await _steps.RetryAsync(task.Id);
        await using var watch = new WatchSteps(_watcher.WatchAsync(task.Id, Place(3), CancellationToken.None));
        Task<string> next = watch.NextAsync();

        await _steps.CancelAsync(task.Id);

        Assert.Equal("cancelled", await next);
        Assert.Equal("end", await watch.NextAsync());
        Assert.Equal(["queued", "cancelled", "queued", "cancelled"], await CollectAsync(task.Id)); // a former end does not cut it off
    }

    [Fact]
    public async Task Watch_NoEventIsKept_BeginsWithTheTaskAsItStands()
    {
        TaskRecord task = await _steps.AddAsync();
        TaskRecord claimed = await _steps.ClaimAsync(task);
        Fill(_log, Capacity);
        await using var watch = new WatchSteps(_watcher.WatchAsync(task.Id, after: null, CancellationToken.None));

        Assert.Equal("reset", await watch.NextAsync());
        Assert.Equal(new TaskResetEvent(Place(_log.Last), task.Id, _steps.Store.Now.Utc, claimed), watch.Current);
        Task<string> next = watch.NextAsync();
        Assert.False(next.IsCompleted);
        await _steps.CompleteAsync(task.Id);

        Assert.Equal("completed", await next);
        Assert.Equal("end", await watch.NextAsync());
    }

    [Fact]
    public async Task Watch_NoEventOfAnEndedTaskIsKept_IsAResetAndTheEnd()
    {
        TaskRecord task = await _steps.RunAsync();
        Fill(_log, Capacity);

        Assert.Equal(["reset"], await CollectAsync(task.Id));
        Assert.Empty(await CollectAsync(task.Id, Place(_log.Last)));
    }

    [Fact]
    public async Task Watch_NothingBehindAPlaceThatIsKept_IsNoReset()
    {
        TaskRecord task = await _steps.AddAsync();
        Fill(_log, Capacity);
        await using var watch = new WatchSteps(_watcher.WatchAsync(task.Id, Place(Capacity), CancellationToken.None));
        Task<string> next = watch.NextAsync();

        await _steps.CancelAsync(task.Id);

        Assert.Equal("cancelled", await next);
    }

    [Fact]
    public async Task Watch_PlaceOfAnotherProcess_BeginsWithAReset()
    {
        TaskRecord task = await _steps.RunAsync();

        Assert.Equal(["reset"], await CollectAsync(task.Id, new TaskEventId(_log.Process + 1, 1)));
    }

    [Fact]
    public async Task Watch_ReaderThatIsTooSlow_IsToldAndGoesOnFromThere()
    {
        TaskRecord task = await _steps.AddAsync();
        await using var watch = new WatchSteps(_watcher.WatchAsync(task.Id, after: null, CancellationToken.None));
        Assert.Equal("queued", await watch.NextAsync());
        await _steps.ClaimAsync(task);
        Fill(_log, Capacity);

        Assert.Equal("reset", await watch.NextAsync());
        Assert.Equal(TaskState.Processing, Assert.IsType<TaskResetEvent>(watch.Current).Record!.Value.State);
        AppendLog(_log, task.Definition, "line");
        Assert.Equal("line", await watch.NextAsync());
        await _steps.CompleteAsync(task.Id);
        Assert.Equal("completed", await watch.NextAsync());
    }

    [Fact]
    public async Task Watch_PromptReaderOfAQuietTask_IsNotCutOffByTheEventsOfOthers()
    {
        TaskRecord task = await _steps.AddAsync();
        await using var watch = new WatchSteps(_watcher.WatchAsync(task.Id, after: null, CancellationToken.None));
        Assert.Equal("queued", await watch.NextAsync());
        Task<string> next = watch.NextAsync();
        Fill(_log, 2 * Capacity);

        await _steps.CancelAsync(task.Id);

        Assert.Equal("cancelled", await next);
        Assert.Equal("end", await watch.NextAsync());
    }

    [Fact]
    public async Task Watch_TaskIsGoneAndItsEventsToo_SaysThatNobodyKnowsHowItEnded()
    {
        TaskRecord task = await _steps.AddAsync();
        await using var watch = new WatchSteps(_watcher.WatchAsync(task.Id, after: null, CancellationToken.None));
        Assert.Equal("queued", await watch.NextAsync());
        await _steps.CancelAsync(task.Id);
        await _steps.RemoveAsync(task.Id);
        Fill(_log, Capacity);

        TaskNotFoundException gone = await Assert.ThrowsAsync<TaskNotFoundException>(watch.NextAsync);
        Assert.Equal(task.Id, gone.TaskId);
    }

    [Fact]
    public async Task Watch_FinalEventWasRead_IsOverEvenIfTheTaskIsRetriedThen()
    {
        TaskRecord task = await _steps.AddAsync();
        await _steps.CancelAsync(task.Id);
        await using var watch = new WatchSteps(_watcher.WatchAsync(task.Id, Place(1), CancellationToken.None));
        Assert.Equal("cancelled", await watch.NextAsync());

        await _steps.RetryAsync(task.Id);

        Assert.Equal("end", await watch.NextAsync());
    }

    [Fact]
    public async Task Watch_TaskHasEndedButItsFinalEventIsYetToCome_WaitsForIt()
    {
        var log = new EventLog(maxEvents: 1);
        TaskRecord task = await _steps.RunAsync();
        AppendStatus(log, task.Definition, TaskState.Queued, TaskState.Processing);
        await using var watch = new WatchSteps(new TaskWatcher(_steps.Store, log, maxSubscribers: 1).WatchAsync(task.Id, new TaskEventId(log.Process, 2), CancellationToken.None));
        Task<string> next = watch.NextAsync();
        Assert.False(next.IsCompleted);

        AppendStatus(log, task.Definition, TaskState.Completed);

        Assert.Equal("completed", await next);
    }

    private TaskEventId Place(long number) => new(_log.Process, number);

    private Task<List<string>> CollectAsync(Guid id, TaskEventId? after = null) => WatchSteps.CollectAsync(_watcher.WatchAsync(id, after, CancellationToken.None));
}
