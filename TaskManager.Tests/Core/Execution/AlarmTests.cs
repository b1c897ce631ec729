using TaskManager.Execution;

namespace TaskManager.Tests.Core.Execution;

/// <summary>The one timer: when it rings, and that it never does so on the thread that asks.</summary>
public sealed class AlarmTests : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly ManualClock _clock = new();
    private readonly Alarm _alarm;
    private readonly long _origin;
    private int _rings;
    private TimeSpan _stall;
    private int _stalls;

    public AlarmTests()
    {
        _origin = _clock.GetTimestamp();
        _alarm = new Alarm(Read, _clock, () => _rings++);
    }

    private TimeSpan Now => _clock.GetElapsedTime(_origin);

    public void Dispose() => _alarm.Dispose();

    [Fact]
    public void NoLaterThan_MomentThatComes_RingsThenAndOnce()
    {
        _alarm.NoLaterThan(TimeSpan.FromSeconds(5));

        AssertRingsAfter(TimeSpan.FromSeconds(5));
        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, _rings);
    }

    [Theory]
    [InlineData(3_000)] // 0.3 ms: a real timer would drop it, and ring at once, again and again
    [InlineData(0)]
    [InlineData(-10_000_000)]
    public void NoLaterThan_LessThanAMillisecondAwayOrPast_RingsAfterAWholeOne(long ticks)
    {
        _clock.Advance(TimeSpan.FromSeconds(10));

        _alarm.NoLaterThan(Now + TimeSpan.FromTicks(ticks));

        AssertRingsAfter(Millisecond);
    }

    [Fact]
    public void NoLaterThan_EarlierThanAskedBefore_RingsEarlier()
    {
        _alarm.NoLaterThan(TimeSpan.FromSeconds(5));
        _alarm.NoLaterThan(TimeSpan.FromSeconds(2));

        AssertRingsAfter(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void NoLaterThan_LaterThanAskedBefore_ChangesNothing()
    {
        _alarm.NoLaterThan(TimeSpan.FromSeconds(2));
        _alarm.NoLaterThan(TimeSpan.FromSeconds(5));

        AssertRingsAfter(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void NoLaterThan_AfterItHasRung_RingsAgain()
    {
        _alarm.NoLaterThan(TimeSpan.FromSeconds(2));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, _rings);

        _alarm.NoLaterThan(TimeSpan.FromSeconds(5));

        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(2, _rings);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1_000_000)] // a real timer refuses more than 49.7 days
    public void NoLaterThan_MoreThanADayAway_RingsAfterADay(int days)
    {
        _alarm.NoLaterThan(TimeSpan.FromDays(days));

        AssertRingsAfter(TimeSpan.FromDays(1));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(9_000)] // past the moment
    public void NoLaterThan_ClockGoesOnBeforeTheTimerIsSet_RingsNoLater(int milliseconds)
    {
        (_stall, _stalls) = (TimeSpan.FromMilliseconds(milliseconds), 1);

        _alarm.NoLaterThan(TimeSpan.FromSeconds(5));

        TimeSpan left = TimeSpan.FromSeconds(5) - Now;
        AssertRingsAfter(left > TimeSpan.Zero ? left : Millisecond);
    }

    [Fact]
    public void NoLaterThan_ClockGoesOnWithEachLook_SetsTheTimerAllTheSame()
    {
        (_stall, _stalls) = (TimeSpan.FromSeconds(1), int.MaxValue);

        _alarm.NoLaterThan(TimeSpan.FromDays(1_000));

        Assert.Equal(1, _clock.ActiveTimers);
    }

    [Fact]
    public void NoLaterThan_Never_SetsNoTimer()
    {
        _alarm.NoLaterThan(TimeSpan.MaxValue);

        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public void Dispose_AskedForAMoment_RingsNoMore()
    {
        _alarm.NoLaterThan(TimeSpan.FromSeconds(2));
        _alarm.Dispose();

        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(0, _rings);
    }

    /// <summary>Reads the clock, which then goes on before anything else is done, as often as it is to.</summary>
    private TimeSpan Read()
    {
        TimeSpan now = Now;
        if (_stalls-- > 0)
        {
            _clock.Advance(_stall);
        }

        return now;
    }

    private void AssertRingsAfter(TimeSpan wait)
    {
        _clock.Advance(wait - Tick);
        Assert.Equal(0, _rings);
        _clock.Advance(Tick);
        Assert.Equal(1, _rings);
    }
}
