using System.Net;
using static TaskManager.Tests.Core.LimiterSteps;

namespace TaskManager.Tests.Core;

public sealed class SlidingWindowLimiterTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData(0, 1L, 1)]
    [InlineData(1_000_001, 1L, 1)]
    [InlineData(1, 0L, 1)]
    [InlineData(1, -1L, 1)]
    [InlineData(1, TimeSpan.TicksPerDay + 1, 1)]
    [InlineData(1, 1L, 0)]
    public void Constructor_ArgumentOutOfRange_Throws(int permitLimit, long windowTicks, int maxClients) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SlidingWindowLimiter(permitLimit, TimeSpan.FromTicks(windowTicks), maxClients, _clock));

    [Fact]
    public void Constructor_NoClock_Throws() =>
        Assert.Throws<ArgumentNullException>("clock", () => new SlidingWindowLimiter(1, Minute, 1, null!));

    [Theory]
    [InlineData(1, 1L, 1)]
    [InlineData(1_000_000, TimeSpan.TicksPerDay, int.MaxValue)]
    public void Constructor_EndsOfTheRanges_Work(int permitLimit, long windowTicks, int maxClients)
    {
        SlidingWindowLimiter limiter = new(permitLimit, TimeSpan.FromTicks(windowTicks), maxClients, _clock);
        RateLimitDecision first = limiter.Acquire(Client(1));
        Assert.Equal(new(true, permitLimit, permitLimit - 1, TimeSpan.Zero, TimeSpan.FromTicks(windowTicks)), first);
    }

    [Fact]
    public void Acquire_RequestsWithinTheLimit_CountDown()
    {
        SlidingWindowLimiter limiter = Limiter();
        for (int i = 9; i >= 0; i--)
        {
            RateLimitDecision decision = limiter.Acquire(Client(1));
            Assert.Equal(new(true, 10, i, TimeSpan.Zero, Minute - ((9 - i) * Second)), decision);
            Assert.Equal(0, decision.RetryAfterSeconds);
            _clock.Advance(Second);
        }

        Assert.Equal(new(false, 10, 0, 50 * Second, 50 * Second), limiter.Acquire(Client(1)));
    }

    [Fact]
    public void Acquire_OneTickBeforeTheOldestLeaves_IsRefusedAndThenPasses()
    {
        SlidingWindowLimiter limiter = Limiter();
        Spend(limiter, Client(1), 10);

        _clock.Advance(Minute - Tick);
        Assert.Equal(new(false, 10, 0, Tick, Tick), limiter.Acquire(Client(1)));
        _clock.Advance(Tick);
        Assert.True(limiter.Acquire(Client(1)).IsAllowed);
    }

    [Fact]
    public void Acquire_OneLeaves_OneTakesItsPlace()
    {
        SlidingWindowLimiter limiter = Limiter();
        Spend(limiter, Client(1), 1);
        _clock.Advance(Second);
        Spend(limiter, Client(1), 9);

        _clock.Advance(Minute - Second);
        Assert.Equal(new(true, 10, 0, TimeSpan.Zero, Second), limiter.Acquire(Client(1)));
        Assert.Equal(new(false, 10, 0, Second, Second), limiter.Acquire(Client(1)));
    }

    [Fact]
    public void Acquire_Refused_DoesNotLengthenTheWait()
    {
        SlidingWindowLimiter limiter = Limiter();
        Spend(limiter, Client(1), 10);
        for (int second = 60; second > 0; second--)
        {
            Assert.Equal(second, limiter.Acquire(Client(1)).RetryAfterSeconds);
            _clock.Advance(Second);
        }

        Spend(limiter, Client(1), 10);
    }

    [Theory]
    [InlineData(0L, 60)]
    [InlineData(1L, 60)]
    [InlineData(TimeSpan.TicksPerSecond - 1, 60)]
    [InlineData(TimeSpan.TicksPerSecond, 59)]
    [InlineData(TimeSpan.TicksPerMinute - TimeSpan.TicksPerSecond, 1)]
    [InlineData(TimeSpan.TicksPerMinute - 1, 1)]
    public void RetryAfterSeconds_AnyMoment_OneEarlierFailsAndThenItPasses(long ticksLater, int expected)
    {
        SlidingWindowLimiter limiter = Limiter();
        Spend(limiter, Client(1), 10);
        _clock.Advance(TimeSpan.FromTicks(ticksLater));

        Assert.Equal(expected, limiter.Acquire(Client(1)).RetryAfterSeconds);
        _clock.Advance((expected - 1) * Second);
        Assert.False(limiter.Acquire(Client(1)).IsAllowed);
        _clock.Advance(Second);
        Assert.True(limiter.Acquire(Client(1)).IsAllowed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Acquire_WallClockJumps_ChangesNothing(int hours)
    {
        SlidingWindowLimiter limiter = Limiter();
        Spend(limiter, Client(1), 10);
        _clock.JumpWall(TimeSpan.FromHours(hours));
        Assert.Equal(Minute, limiter.Acquire(Client(1)).RetryAfter);
        _clock.Advance(Minute);
        Spend(limiter, Client(1), 10);
    }

    [Theory]
    [InlineData(1L)]
    [InlineData(3L)]
    [InlineData(3_579_545L)]
    [InlineData(1_000_000_000L)]
    [InlineData(10_000_000_000L)]
    public void RetryAfter_AnyFrequencyOfTheClock_IsExactToTheTick(long frequency)
    {
        StrangeClock clock = new(frequency);
        SlidingWindowLimiter limiter = new(1, Minute, 1, clock);
        Spend(limiter, Client(1), 1);
        clock.Timestamp += 60 * frequency / 7;

        long refused = clock.Timestamp;
        TimeSpan retryAfter = limiter.Acquire(Client(1)).RetryAfter;
        clock.Timestamp = refused + Timestamps(retryAfter - Tick);
        Assert.False(limiter.Peek(Client(1)).IsAllowed);
        clock.Timestamp = refused + Timestamps(retryAfter);
        Assert.True(limiter.Peek(Client(1)).IsAllowed);

        long Timestamps(TimeSpan time) => (long)((Int128)time.Ticks * frequency / TimeSpan.TicksPerSecond);
    }

    [Fact]
    public void Acquire_TimestampsRunBackwards_HoldsTheTime()
    {
        StrangeClock clock = new(1) { Timestamp = long.MaxValue - 60 };
        SlidingWindowLimiter limiter = new(1, Minute, 1, clock);
        Spend(limiter, Client(1), 1);
        clock.Timestamp -= 30;
        Assert.Equal(Minute, limiter.Acquire(Client(1)).RetryAfter);
    }

    [Fact]
    public void Acquire_TwoClients_EachHasItsOwnBudget()
    {
        SlidingWindowLimiter limiter = Limiter();
        Spend(limiter, Client(1), 10);
        Spend(limiter, RateLimitClient.From(null), 10);
        Spend(limiter, Client(2), 10);
        Assert.False(limiter.Acquire(Client(1)).IsAllowed);
        Assert.Equal(3, limiter.ClientCount);
    }

    [Fact]
    public void Peek_AnyBudget_CountsNothing()
    {
        SlidingWindowLimiter limiter = Limiter();
        Assert.Equal(new(true, 10, 10, TimeSpan.Zero, TimeSpan.Zero), limiter.Peek(Client(1)));
        Assert.Equal(0, limiter.ClientCount);

        Spend(limiter, Client(1), 9);
        _clock.Advance(Second);
        Assert.Equal(new(true, 10, 1, TimeSpan.Zero, 59 * Second), limiter.Peek(Client(1)));
        Assert.Equal(new(true, 10, 1, TimeSpan.Zero, 59 * Second), limiter.Peek(Client(1)));
        Spend(limiter, Client(1), 1);
        Assert.Equal(new(false, 10, 0, 59 * Second, 59 * Second), limiter.Peek(Client(1)));
    }

    [Fact]
    public void Acquire_Refused_AllocatesNothing()
    {
        SlidingWindowLimiter limiter = Limiter(maxClients: 1);
        IPAddress owner = new([192, 0, 2, 1]), newcomer = new([192, 0, 2, 2]);
        Spend(limiter, RateLimitClient.From(owner), 10);
        Spend(limiter, RateLimitClient.From(newcomer), 10);

        Assert.Equal(0, Passed());
        long before = GC.GetAllocatedBytesForCurrentThread();
        int passed = Passed();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, passed);

        int Passed()
        {
            int count = 0;
            for (int i = 0; i < 1_000; i++)
            {
                count += limiter.Acquire(RateLimitClient.From(owner)).IsAllowed ? 1 : 0;
                count += limiter.Acquire(RateLimitClient.From(newcomer)).IsAllowed ? 1 : 0;
            }

            return count;
        }
    }

    [Fact]
    public void Acquire_HugeLimit_AllocatesForWhatIsUsedOnly()
    {
        SlidingWindowLimiter limiter = new(1_000_000, Minute, 50_000, _clock);
        Spend(limiter, Client(1), 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 2; i < 1_002; i++)
        {
            Spend(limiter, Client(i), 4);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 1_000 * 500);
    }

    [Fact]
    public void Acquire_HugeLimitSpent_RefusesTheNextAndStartsAnewAWindowLater()
    {
        SlidingWindowLimiter limiter = new(1_000_000, Minute, 1, _clock);
        Spend(limiter, Client(1), 1_000_000);
        Assert.Equal(Minute, limiter.Acquire(Client(1)).RetryAfter);
        _clock.Advance(Minute);
        Assert.Equal(999_999, limiter.Acquire(Client(1)).Remaining);
    }

    private SlidingWindowLimiter Limiter(int maxClients = 50_000) => new(10, Minute, maxClients, _clock);

    private sealed class StrangeClock(long frequency) : TimeProvider
    {
        public long Timestamp { get; set; } = -1L << 50; // nobody promises where a clock starts

        public override long TimestampFrequency => frequency;

        public override long GetTimestamp() => Timestamp;
    }
}
