using NSubstitute;
using TaskManager.Signals;
using TaskManager.Tests.Proof.Races;
using static TaskManager.Tests.Core.Signals.EventSteps;

namespace TaskManager.Tests.Core.Signals;

/// <summary>A store that is looked at between the steps of a wait, and tokens that fire in it.</summary>
public sealed class TaskWaiterRaceTests
{
    private static readonly TaskDefinition Definition = EventSteps.Definition(1);
    private static readonly TaskRecord Queued = Record(Definition, TaskState.Queued);
    private static readonly TaskRecord Processing = Record(Definition, TaskState.Processing, version: 2);
    private static readonly TaskRecord Completed = Record(Definition, TaskState.Completed, version: 3);

    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly ManualClock _clock = new();
    private readonly TaskSignals _signals = new(maxWaiters: 10);
    private readonly ITaskStore _store = Substitute.For<ITaskStore>();

    [Fact]
    public async Task Wait_ChangeBetweenLookAndSubscription_ReturnsIt()
    {
        Find(Queued, Processing);
        Assert.Equal(Processing, await WaitForChange().Patiently());
        Find(Queued, Completed);
        Assert.Equal(Completed, await WaitForEnd().Patiently());
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Wait_TaskGoneBetweenLookAndSubscription_IsNull()
    {
        Find(Queued, null);

        Assert.Null(await WaitForEnd().Patiently());
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task WaitForEnd_AnotherChangeBetweenLookAndSubscription_WaitsOn()
    {
        Find(Queued, Processing);
        Task<TaskRecord?> end = WaitForEnd();
        Assert.False(end.IsCompleted);

        _signals.Raise(Completed);

        Assert.Equal(Completed, await end.Patiently());
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task WaitForChange_ToldLateOfWhatItHasSeen_WaitsForTheNext()
    {
        Find(Processing);
        Task<TaskRecord?> change = WaitForChange();

        _signals.Raise(Processing);
        await Patience.UntilAsync(() => change.IsCompleted || _clock.WaitsBegun == 2);
        Assert.False(change.IsCompleted);
        _signals.Raise(Completed);

        Assert.Equal(Completed, await change.Patiently());
        await NothingIsLeftAsync();
    }

    [Theory]
    [InlineData(TaskState.Completed)]
    [InlineData(null)] // removed
    public async Task WaitForChange_ToldLateAndTheTaskHasMovedOn_ReturnsThat(TaskState? to)
    {
        var waiters = new List<int>();
        Find(look =>
        {
            waiters.Add(_signals.Waiters.Count);
            return look < 2 ? Processing : to is null ? null : Completed;
        });
        Task<TaskRecord?> change = WaitForChange();

        _signals.Raise(Processing);

        Assert.Equal(to, (await change.Patiently())?.State);
        Assert.Equal([0, 1, 1], waiters); // the wait has kept its place
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task WaitForChange_ToldLateOfWhatItHasSeen_WaitsNoLongerForThat()
    {
        Find(Processing);
        Task<TaskRecord?> change = WaitForChange();
        _clock.Advance(TimeSpan.FromMinutes(20));

        _signals.Raise(Processing);
        await Patience.UntilAsync(() => change.IsCompleted || _clock.WaitsBegun == 2);
        _clock.Advance(TimeSpan.FromMinutes(40) - Millisecond);
        Assert.False(change.IsCompleted);
        _clock.Advance(Millisecond);

        Assert.Equal(Processing, await change.Patiently());
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Wait_TaskEndsAndIsGoneWhenTheTimeRunsOut_ReturnsHowItEnded()
    {
        Find(look =>
        {
            if (look < 2)
            {
                return Processing;
            }

            _signals.Raise(Completed);
            return null;
        });
        Task<TaskRecord?> end = WaitForEnd();

        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(Completed, await end.Patiently());
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Wait_TaskLostWhenTheTimeRunsOut_IsNull()
    {
        Find(Queued, Processing, null);
        Task<TaskRecord?> end = WaitForEnd();

        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Null(await end.Patiently());
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Wait_StoreAnswersLater_WaitsAsForOneThatAnswersAtOnce()
    {
        Find(Queued);
        Task<TaskRecord?> end = WaitForEnd(later: true);
        await Patience.UntilAsync(() => _clock.ActiveTimers == 1);
        _signals.Raise(Completed);
        Assert.Equal(Completed, await end.Patiently());

        Find(Queued, Processing);
        Assert.Equal(Processing, await Wait(untilDone: false, CancellationToken.None, later: true).Patiently());
        await NothingIsLeftAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Wait_StoreFailsAtTheSecondLook_ThrowsAndLeavesNothing(bool later)
    {
        Find(look => look == 0 ? Queued : throw new IOException("The store is away."));

        await Assert.ThrowsAsync<IOException>(async () => await WaitForEnd(later).Patiently());
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Wait_TokenHasFired_DoesNotEvenLook()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait(untilDone: true, new CancellationToken(canceled: true)));

        await _store.DidNotReceiveWithAnyArgs().FindAsync(default, default);
    }

    [Fact]
    public async Task Wait_TokenFires_EndsThatWaitAlone()
    {
        Find(Queued);
        using var source = new CancellationTokenSource();
        Task<TaskRecord?> cancelled = Wait(untilDone: true, source.Token);
        Task<TaskRecord?> other = WaitForEnd();

        await source.CancelAsync();

        OperationCanceledException thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Patiently());
        Assert.Equal(source.Token, thrown.CancellationToken);
        await Patience.UntilAsync(() => _signals.Waiters.Count == 1 && _clock.ActiveTimers == 1);
        _signals.Raise(Completed);
        Assert.Equal(Completed, await other.Patiently());
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Wait_ThousandsOnOneTask_AllReturnTheSameEnd()
    {
        var signals = new TaskSignals(maxWaiters: 5_000);
        var waiter = new TaskWaiter(_store, signals, _clock);
        Find(Queued);
        Task<TaskRecord?>[] waits = [.. Enumerable.Range(0, 5_000).Select(_ => waiter.WaitAsync(Definition.Id, seen: null, untilDone: true, TimeSpan.FromHours(1), CancellationToken.None).AsTask())];

        signals.Raise(Completed);

        Assert.All(await Task.WhenAll(waits).Patiently(), record => Assert.Equal(Completed, record));
        await Patience.UntilAsync(() => signals.Waiters.Count == 0 && _clock.ActiveTimers == 0);
    }

    /// <summary>Lets the store find these, one after the other, and the last one from then on.</summary>
    private void Find(params TaskRecord?[] records) => Find(look => records[Math.Min(look, records.Length - 1)]);

    private void Find(Func<int, TaskRecord?> at)
    {
        int looks = 0;
        SubstituteExtensions.Returns(_store.FindAsync(Definition.Id, Arg.Any<CancellationToken>()), _ => at(looks++));
    }

    private Task<TaskRecord?> WaitForEnd(bool later = false) => Wait(untilDone: true, CancellationToken.None, later);

    private Task<TaskRecord?> WaitForChange() => Wait(untilDone: false, CancellationToken.None);

    private Task<TaskRecord?> Wait(bool untilDone, CancellationToken cancellationToken, bool later = false) =>
        new TaskWaiter(later ? new SyncPointStore(_store) { AfterFind = async _ => await Task.Yield() } : _store, _signals, _clock).WaitAsync(Definition.Id, seen: null, untilDone, TimeSpan.FromHours(1), cancellationToken).AsTask();

    // A timer is disposed a moment after whoever waited was let go.
    private Task NothingIsLeftAsync() => Patience.UntilAsync(() => _signals.Waiters.Count == 0 && _clock.ActiveTimers == 0);
}
