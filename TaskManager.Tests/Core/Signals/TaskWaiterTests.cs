using TaskManager.Signals;

namespace TaskManager.Tests.Core.Signals;

public sealed class TaskWaiterTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly ManualClock _clock = new();
    private readonly TaskSignals _signals = new(maxWaiters: 2);
    private readonly StoreSteps _steps;
    private readonly TaskWaiter _waiter;

    public TaskWaiterTests()
    {
        _steps = StoreSteps.InMemory(_clock, options => options.MaxRetained = 0);
        _steps.Store.Changed += change => _signals.Raise(change.Record);
        _waiter = new TaskWaiter(_steps.Store, _signals, _clock);
    }

    [Fact]
    public async Task Wait_UnknownTask_IsNull() => Assert.Null(await WaitForEnd(Guid.NewGuid(), Timeout.InfiniteTimeSpan).Patiently());

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(-10_000_000)]
    public async Task Wait_NoTime_LooksOnce(long ticks)
    {
        TaskRecord added = await _steps.AddAsync();

        TaskRecord? looked = await WaitForEnd(added.Id, TimeSpan.FromTicks(ticks)).Patiently();

        Assert.Equal(added, looked);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Wait_TaskStandsOtherwiseThanSeen_ReturnsAtOnce()
    {
        TaskRecord added = await _steps.AddAsync();

        TaskRecord? changed = await WaitForChange(added.Id, Timeout.InfiniteTimeSpan, TaskState.Scheduled).Patiently();

        Assert.Equal(added, changed);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task WaitForChange_TaskIsClaimed_ReturnsWithTheChange()
    {
        TaskRecord added = await _steps.AddAsync();
        Task<TaskRecord?> change = WaitForChange(added.Id, Timeout.InfiniteTimeSpan, TaskState.Queued);
        Task<TaskRecord?> anyChange = WaitForChange(added.Id, TimeSpan.FromHours(1), seen: null);
        Assert.Equal(2, _signals.Waiters.Count);

        await _steps.ClaimAsync(added);

        Assert.Equal(TaskState.Processing, (await change.Patiently())!.Value.State);
        Assert.Equal(TaskState.Processing, (await anyChange.Patiently())!.Value.State);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task WaitForEnd_TaskIsClaimedAndEnds_ReturnsWithTheEndThoughTheTaskIsGone()
    {
        TaskRecord added = await _steps.AddAsync();
        Task<TaskRecord?> end = WaitForEnd(added.Id, TimeSpan.FromHours(1));
        await _steps.ClaimAsync(added);
        Assert.False(end.IsCompleted);

        await _steps.CompleteAsync(added.Id, "done");

        Assert.Equal("done", (await end.Patiently())!.Value.Status.Result);
        Assert.Null(await _steps.FindAsync(added.Id)); // nothing is retained here
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task WaitForEnd_EndedTask_ReturnsAtOnce()
    {
        var steps = StoreSteps.InMemory(_clock);
        TaskRecord ended = await steps.RunAsync();

        TaskRecord? waited = await new TaskWaiter(steps.Store, _signals, _clock).WaitAsync(ended.Id, seen: null, untilDone: true, Timeout.InfiniteTimeSpan, CancellationToken.None).Patiently();

        Assert.Equal(ended, waited);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Wait_TimeRunsOut_ReturnsTheTaskAsItStands()
    {
        TaskRecord added = await _steps.AddAsync();
        Task<TaskRecord?> end = WaitForEnd(added.Id, TimeSpan.FromSeconds(10));
        TaskRecord claimed = await _steps.ClaimAsync(added);

        _clock.Advance(TimeSpan.FromSeconds(10) - Millisecond);
        Assert.False(end.IsCompleted);
        _clock.Advance(Millisecond);

        Assert.Equal(claimed, await end.Patiently());
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Wait_LessThanAMillisecondLeft_WaitsForItAndDoesNotSpin()
    {
        TaskRecord added = await _steps.AddAsync();
        Task<TaskRecord?> end = await Task.Run(() => Task.FromResult(WaitForEnd(added.Id, TimeSpan.FromTicks(1)))).Patiently();
        Assert.False(end.IsCompleted);

        _clock.Advance(Millisecond);

        Assert.Equal(added, await end.Patiently());
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Wait_LongerThanATimerCan_EndsInItsTime()
    {
        TaskRecord added = await _steps.AddAsync();
        Task<TaskRecord?> end = WaitForEnd(added.Id, TimeSpan.FromDays(60));

        _clock.Advance(TimeSpan.FromDays(60) - Millisecond);
        await Patience.UntilAsync(() => _clock.ActiveTimers == 1); // the last of its timers
        Assert.False(end.IsCompleted);
        _clock.Advance(Millisecond);

        Assert.Equal(added, await end.Patiently());
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Wait_WithoutAnEnd_LastsUntilTheChange()
    {
        TaskRecord added = await _steps.AddAsync();
        Task<TaskRecord?> end = WaitForEnd(added.Id, Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromDays(1_000));
        await Patience.UntilAsync(() => _clock.ActiveTimers == 1);

        await _steps.CancelAsync(added.Id);

        Assert.Equal(TaskState.Cancelled, (await end.Patiently())!.Value.State);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Wait_AsManyAsMayBe_IsRefused()
    {
        TaskRecord added = await _steps.AddAsync();
        Task<TaskRecord?>[] waits = [WaitForEnd(added.Id, TimeSpan.FromSeconds(1)), WaitForEnd(added.Id, TimeSpan.FromSeconds(1))];

        await Assert.ThrowsAsync<TooManyWaitersException>(() => WaitForEnd(added.Id, TimeSpan.FromSeconds(1)));
        _clock.Advance(TimeSpan.FromSeconds(1));

        await Task.WhenAll(waits).Patiently();
        await NothingIsLeftAsync();
    }

    private Task<TaskRecord?> WaitForEnd(Guid id, TimeSpan timeout) => _waiter.WaitAsync(id, seen: null, untilDone: true, timeout, CancellationToken.None).AsTask();

    private Task<TaskRecord?> WaitForChange(Guid id, TimeSpan timeout, TaskState? seen) => _waiter.WaitAsync(id, seen, untilDone: false, timeout, CancellationToken.None).AsTask();

    // A timer is disposed a moment after whoever waited was let go.
    private Task NothingIsLeftAsync() => Patience.UntilAsync(() => _signals.Waiters.Count == 0 && _clock.ActiveTimers == 0);
}
