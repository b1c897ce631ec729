namespace TaskManager.Tests;

public sealed class ManualClockTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Generous = TimeSpan.FromMinutes(1); // only detects a hang
    private readonly ManualClock _clock = new();
    private readonly long _start;

    public ManualClockTests() => _start = _clock.GetTimestamp();

    private TimeSpan Elapsed => _clock.GetElapsedTime(_start);

    [Fact]
    public void GetUtcNow_NewClock_StandsAtTheStartOf2026()
    {
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, _clock.GetLocalNow().Offset);
        Assert.NotEqual(0, _start);
    }

    [Fact]
    public void Advance_Always_MovesBothTimesAlike()
    {
        DateTimeOffset before = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromTicks(1));
        _clock.Advance(TimeSpan.FromDays(60));
        Assert.Equal(TimeSpan.FromDays(60) + TimeSpan.FromTicks(1), _clock.GetUtcNow() - before);
        Assert.Equal(TimeSpan.FromDays(60) + TimeSpan.FromTicks(1), Elapsed);
    }

    [Fact]
    public void Advance_Backwards_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(-Second));

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void JumpWall_TimerDueMeanwhile_MovesOnlyTheWallAndFiresNothing(int hours)
    {
        DateTimeOffset before = _clock.GetUtcNow();
        List<TimeSpan> fired = [];
        Start(10 * Second, () => fired.Add(Elapsed));

        _clock.JumpWall(TimeSpan.FromHours(hours));
        Assert.Equal(before.AddHours(hours), _clock.GetUtcNow());
        Assert.Equal(_start, _clock.GetTimestamp());
        Assert.Empty(fired);

        _clock.Advance(10 * Second);
        Assert.Equal([10 * Second], fired);
    }

    [Fact]
    public void Advance_SeveralTimersDue_FireInOrderEachAtItsMoment()
    {
        List<(string, TimeSpan)> fired = [];
        Start(3 * Second, () => fired.Add(("c", Elapsed)));
        Start(1 * Second, () => fired.Add(("a", Elapsed)));
        Start(2 * Second, () => fired.Add(("b", Elapsed)));
        Start(6 * Second, () => fired.Add(("late", Elapsed)));

        _clock.Advance(5 * Second);
        Assert.Equal([("a", Second), ("b", 2 * Second), ("c", 3 * Second)], fired);
        Assert.Equal(5 * Second, Elapsed);
    }

    [Fact]
    public void Advance_TimersDueAtTheSameMoment_FireInOrderOfArming()
    {
        List<int> fired = [];
        foreach (int i in Enumerable.Range(0, 100))
        {
            Start(Second, () => fired.Add(i));
        }

        _clock.Advance(Second);
        Assert.Equal(Enumerable.Range(0, 100), fired);
    }

    [Fact]
    public void Advance_OneTickShort_DoesNotFire()
    {
        int fired = 0;
        Start(Second, () => fired++);
        _clock.Advance(Second - TimeSpan.FromTicks(1));
        Assert.Equal(0, fired);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, fired);
    }

    [Fact]
    public void Advance_PeriodicTimer_FiresOncePerPeriod()
    {
        List<TimeSpan> fired = [];
        using ITimer timer = _clock.CreateTimer(_ => fired.Add(Elapsed), null, Second, 2 * Second);
        _clock.Advance(6 * Second);
        Assert.Equal([Second, 3 * Second, 5 * Second], fired);
        Assert.Equal(1, _clock.ActiveTimers);
    }

    [Fact]
    public void Advance_TimerDueAtOnce_FiresEvenWhenAdvancedByZero()
    {
        int fired = 0;
        Start(TimeSpan.Zero, () => fired++);
        Assert.Equal(0, fired);
        _clock.Advance(TimeSpan.Zero);
        Assert.Equal(1, fired);
    }

    [Fact]
    public void Advance_CallbackCreatesTimer_FiresItInTheSameAdvance()
    {
        List<TimeSpan> fired = [];
        Start(Second, () => Start(2 * Second, () => fired.Add(Elapsed)));
        _clock.Advance(5 * Second);
        Assert.Equal([3 * Second], fired);
    }

    [Fact]
    public void Advance_CallbackChangesAndDisposesOthers_ObeysIt()
    {
        List<string> fired = [];
        ITimer moved = Start(2 * Second, () => fired.Add("moved"));
        ITimer gone = Start(2 * Second, () => fired.Add("gone"));
        Start(Second, () =>
        {
            moved.Change(8 * Second, Timeout.InfiniteTimeSpan);
            gone.Dispose();
        });

        _clock.Advance(8 * Second);
        Assert.Empty(fired);
        _clock.Advance(Second);
        Assert.Equal(["moved"], fired);
    }

    [Fact]
    public void Advance_PeriodicTimerDisposesItself_FiresNoMore()
    {
        int fired = 0;
        ITimer? timer = null;
        timer = _clock.CreateTimer(_ => { fired++; timer!.Dispose(); }, null, Second, Second);
        _clock.Advance(10 * Second);
        Assert.Equal(1, fired);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public void Advance_CallbackAdvances_AddsUp()
    {
        List<TimeSpan> fired = [];
        Start(2 * Second, () => _clock.Advance(3 * Second));
        Start(4 * Second, () => fired.Add(Elapsed));
        _clock.Advance(10 * Second);
        Assert.Equal([4 * Second], fired);
        Assert.Equal(13 * Second, Elapsed);
    }

    [Fact]
    public async Task Advance_WhileACallbackRuns_OthersCanUseTheClock()
    {
        Start(Second, () => Task.Run(() => _clock.GetUtcNow(), TestContext.Current.CancellationToken).Wait(Generous));
        await Task.Run(() => _clock.Advance(Second), TestContext.Current.CancellationToken)
            .WaitAsync(Generous / 2, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Advance_CallbackThrows_LeavesTheClockUsable()
    {
        Start(Second, () => throw new InvalidOperationException("on purpose"));
        Assert.Throws<InvalidOperationException>(() => _clock.Advance(2 * Second));
        Assert.Equal(Second, Elapsed);
        _clock.Advance(Second);
        Assert.Equal(2 * Second, Elapsed);
    }

    [Fact]
    public void CreateTimer_AmbientValue_IsTheCreatorsNotTheAdvancers()
    {
        AsyncLocal<string> ambient = new() { Value = "creator" };
        string? seen = null;
        Start(Second, () => seen = ambient.Value);
        ambient.Value = "advancer";
        _clock.Advance(Second);
        Assert.Equal("creator", seen);
    }

    [Theory]
    [InlineData(4_294_967_295d, -1d)]
    [InlineData(-1d, 4_294_967_295d)]
    [InlineData(-2d, -1d)]
    [InlineData(0d, -2d)]
    public void CreateTimer_TimeOutOfRange_Throws(double due, double period)
    {
        using ITimer timer = Start(Second, () => { });
        TimeSpan dueTime = TimeSpan.FromMilliseconds(due), everyTime = TimeSpan.FromMilliseconds(period);
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.CreateTimer(_ => { }, null, dueTime, everyTime));
        Assert.Throws<ArgumentOutOfRangeException>(() => timer.Change(dueTime, everyTime));
        Assert.Throws<ArgumentOutOfRangeException>(() => TimeProvider.System.CreateTimer(_ => { }, null, dueTime, everyTime)); // so does the real one
        Assert.Equal(1, _clock.ActiveTimers);
    }

    [Fact]
    public void CreateTimer_LongestTimeAllowed_Fires()
    {
        int fired = 0;
        TimeSpan longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);
        using ITimer timer = _clock.CreateTimer(_ => fired++, null, longest, longest);
        _clock.Advance(2 * longest);
        Assert.Equal(2, fired);
    }

    [Fact]
    public void CreateTimer_PeriodOfZero_FiresOnce()
    {
        int fired = 0;
        using ITimer timer = _clock.CreateTimer(_ => fired++, null, Second, TimeSpan.Zero);
        _clock.Advance(10 * Second);
        Assert.Equal(1, fired);
    }

    [Fact]
    public void Change_Timer_ArmsDisarmsAndRefusesAfterDispose()
    {
        int fired = 0;
        ITimer timer = _clock.CreateTimer(_ => fired++, null, Timeout.InfiniteTimeSpan, Second);
        Assert.Equal(0, _clock.ActiveTimers);

        Assert.True(timer.Change(Second, Timeout.InfiniteTimeSpan));
        Assert.Equal(1, _clock.ActiveTimers);
        Assert.True(timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        Assert.Equal(0, _clock.ActiveTimers);

        timer.Dispose();
        timer.Dispose();
        Assert.False(timer.Change(Second, Second));
        _clock.Advance(10 * Second);
        Assert.Equal(0, fired);
    }

    [Fact]
    public async Task DisposeAsync_CallbackRunning_EndsWithIt()
    {
        using ManualResetEventSlim started = new(), release = new();
        ITimer timer = Start(Second, () => { started.Set(); release.Wait(Generous); });
        // A thread of its own: this one is about to block, with what it has queued on it.
        Task advance = Task.Factory.StartNew(() => _clock.Advance(Second), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, System.Threading.Tasks.TaskScheduler.Default);
        Assert.True(started.Wait(Generous, TestContext.Current.CancellationToken));

        Task disposed = timer.DisposeAsync().AsTask();
        Assert.False(disposed.IsCompleted);
        release.Set();
        await Task.WhenAll(disposed, advance).WaitAsync(Generous, TimeProvider.System, TestContext.Current.CancellationToken);
        await timer.DisposeAsync(); // again, and nothing to wait for
    }

    [Fact]
    public async Task TaskDelay_OnTheClock_EndsAtItsMoment()
    {
        Task delay = Task.Delay(Second, _clock, TestContext.Current.CancellationToken);
        _clock.Advance(Second - TimeSpan.FromTicks(1));
        Assert.False(delay.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(delay.IsCompletedSuccessfully);
        await delay;
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public async Task WaitAsync_OnTheClock_TimesOutOrEndsAndLeavesNoTimer()
    {
        TaskCompletionSource never = new(), soon = new();
        Task late = never.Task.WaitAsync(Second, _clock, TestContext.Current.CancellationToken);
        Task early = soon.Task.WaitAsync(Second, _clock, TestContext.Current.CancellationToken);
        Assert.Equal(2, _clock.ActiveTimers);

        soon.SetResult();
        await early;
        Assert.Equal(1, _clock.ActiveTimers);

        _clock.Advance(Second);
        await Assert.ThrowsAsync<TimeoutException>(() => late);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public void CancellationTokenSource_OnTheClock_FiresAtItsMoment()
    {
        using CancellationTokenSource source = new(Second, _clock);
        _clock.Advance(Second - TimeSpan.FromTicks(1));
        Assert.False(source.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(source.IsCancellationRequested);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public void CancellationTokenSource_DisposedEarly_LeavesNoTimer()
    {
        new CancellationTokenSource(Second, _clock).Dispose();
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public async Task PeriodicTimer_OnTheClock_TicksAndStops()
    {
        using PeriodicTimer timer = new(Second, _clock);
        foreach (int tick in Enumerable.Range(1, 3))
        {
            Task<bool> next = timer.WaitForNextTickAsync(TestContext.Current.CancellationToken).AsTask();
            Assert.False(next.IsCompleted);
            _clock.Advance(Second);
            Assert.True(await next);
            Assert.Equal(tick * Second, Elapsed);
        }

        timer.Dispose();
        Assert.False(await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public async Task Advance_ManyThreads_TimeAddsUpAndEachTimerFiresOnce()
    {
        const int Threads = 4, Rounds = 2_000;
        int fired = 0;
        using Barrier start = new(Threads);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                for (int i = 0; i < Rounds; i++)
                {
                    Start(TimeSpan.FromMilliseconds(i % 7), () => Interlocked.Increment(ref fired));
                    Start(TimeSpan.FromMilliseconds(5), () => { }).Dispose();
                    _clock.JumpWall(Second);
                    _clock.Advance(TimeSpan.FromMilliseconds(1));
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))).WaitAsync(Generous, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(TimeSpan.FromMilliseconds(Threads * Rounds), Elapsed);
        _clock.Advance(TimeSpan.FromMilliseconds(7));
        Assert.Equal(Threads * Rounds, fired);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    private ITimer Start(TimeSpan dueTime, Action callback) => _clock.CreateTimer(_ => callback(), null, dueTime, Timeout.InfiniteTimeSpan);
}
