using static TaskManager.Tests.Core.LimiterSteps;

namespace TaskManager.Tests.Core;

public sealed class SlidingWindowLimiterBoundTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private readonly ManualClock _clock = new();

    [Fact]
    public void Acquire_BoundReached_NewcomersShareOneBudget()
    {
        SlidingWindowLimiter limiter = Limiter(maxClients: 2);
        Spend(limiter, Client(1), 1);
        Spend(limiter, Client(2), 1);

        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(9 - i, limiter.Acquire(Client(100 + i)).Remaining);
        }

        Assert.False(limiter.Acquire(Client(200)).IsAllowed);
        Assert.False(limiter.Acquire(Client(100)).IsAllowed);
        Assert.Equal(2, limiter.ClientCount);
        Spend(limiter, Client(1), 9); // who was known before keeps its own
    }

    [Fact]
    public void Acquire_OwnerIdleForAWindow_ANewcomerTakesItsPlace()
    {
        SlidingWindowLimiter limiter = Limiter(maxClients: 2);
        Spend(limiter, Client(1), 1);
        _clock.Advance(Second);
        Spend(limiter, Client(2), 1);
        _clock.Advance(Second);
        Spend(limiter, Client(1), 1); // now the second has been idle for longer
        Spend(limiter, Client(100), 10);

        _clock.Advance(59 * Second - Tick);
        Assert.Equal(new(false, 10, 0, Tick, Tick), limiter.Acquire(Client(3))); // its wait is for a place, not for the shared budget
        _clock.Advance(Tick);
        Assert.Equal(9, limiter.Acquire(Client(3)).Remaining);
        Assert.Equal(9, limiter.Peek(Client(1)).Remaining); // not forgotten: its second request is inside
    }

    [Fact]
    public void Acquire_GuestGetsItsOwnBudget_StillPaysForWhatTheSharedOneAdmitted()
    {
        SlidingWindowLimiter limiter = Limiter(maxClients: 1);
        Spend(limiter, Client(1), 1);
        _clock.Advance(50 * Second);
        Spend(limiter, Client(2), 6);
        Spend(limiter, Client(3), 4);
        Assert.Equal(10 * Second, limiter.Acquire(Client(2)).RetryAfter);

        _clock.Advance(10 * Second);
        Assert.Equal(3, limiter.Acquire(Client(2)).Remaining);
        Spend(limiter, Client(2), 3);
        Assert.Equal(50 * Second, limiter.Acquire(Client(2)).RetryAfter);
    }

    [Fact]
    public void Acquire_GuestSpentTheWholeSharedBudget_GetsNoFreshOne()
    {
        SlidingWindowLimiter limiter = Limiter(maxClients: 1);
        Spend(limiter, Client(1), 1);
        _clock.Advance(50 * Second);
        Spend(limiter, Client(2), 10);

        _clock.Advance(10 * Second); // the first is idle: there is a place, but the second has spent its budget
        Assert.Equal(new(false, 10, 0, 50 * Second, 50 * Second), limiter.Acquire(Client(2)));
        Spend(limiter, Client(3), 10);
        Assert.Equal(new(false, 10, 0, 50 * Second, 50 * Second), limiter.Acquire(Client(2)));
    }

    [Fact]
    public void ClientCount_EveryoneIdle_FallsByTwoWithEachRequest()
    {
        SlidingWindowLimiter limiter = Limiter();
        foreach (int i in Enumerable.Range(0, 100))
        {
            Spend(limiter, Client(i), 1);
        }

        Assert.Equal(100, limiter.ClientCount);
        _clock.Advance(Minute);
        foreach (int requests in Enumerable.Range(1, 50))
        {
            limiter.Peek(Client(200));
            Assert.Equal(100 - (2 * requests), limiter.ClientCount);
        }
    }

    [Fact]
    public void Acquire_MillionKeys_StaysAtTheBoundAndNobodyGetsAFreshBudget()
    {
        const int MaxClients = 50_000, Watched = 500;
        Random random = new(1);
        SlidingWindowLimiter limiter = Limiter(MaxClients);
        AdmissionLog log = new();
        for (int i = 0; i < 1_000_000; i++)
        {
            Try(Watched + i);
            if (i % 1_000 == 0)
            {
                Try(random.Next(Watched), times: 15);
                _clock.Advance(TimeSpan.FromMilliseconds(300)); // five windows in all, each with four times as many keys as are remembered
                Assert.InRange(limiter.ClientCount, 1, MaxClients);
            }
        }

        Assert.Equal(MaxClients, limiter.ClientCount);
        Assert.InRange(log.ClientsAtTheLimit(10), 10, Watched);
        log.AssertNoSpanExceeds(10, Minute);

        void Try(int client, int times = 1)
        {
            for (int i = 0; i < times; i++)
            {
                if (limiter.Acquire(Client(client)).IsAllowed)
                {
                    log.Add(client, _clock.GetTimestamp());
                }
            }
        }
    }

    private SlidingWindowLimiter Limiter(int maxClients = 50_000) => new(10, Minute, maxClients, _clock);
}
