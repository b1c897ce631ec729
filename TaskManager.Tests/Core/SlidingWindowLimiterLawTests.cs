using static TaskManager.Tests.Core.LimiterSteps;

namespace TaskManager.Tests.Core;

public sealed class SlidingWindowLimiterLawTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Generous = TimeSpan.FromMinutes(1); // only detects a hang
    private readonly ManualClock _clock = new();

    // Seed, limit, clients.
    public static MatrixTheoryData<int, int, int> Shapes { get; } = new([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [1, 2, 5], [1, 3]);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Acquire_RandomOperations_AgreesWithTheModel(int seed, int limit, int maxClients)
    {
        Random random = new(seed);
        TimeSpan window = 10 * Second;
        SlidingWindowLimiter limiter = new(limit, window, maxClients, _clock);
        SlidingWindowModel model = new(limit, window.Ticks, maxClients);
        AdmissionLog log = new();
        TimeSpan retryAfter = window;

        for (int i = 0; i < 1_500; i++)
        {
            int client = random.Next(2 * (maxClients + 1));
            bool admit = random.Next(5) > 0;
            long now = _clock.GetTimestamp();
            RateLimitDecision expected = admit ? model.Acquire(client, now) : model.Peek(client, now);
            RateLimitDecision actual = admit ? limiter.Acquire(Client(client)) : limiter.Peek(Client(client));
            Assert.True(expected == actual, $"Step {i}: expected {expected}, got {actual}.");
            Assert.InRange(limiter.ClientCount, model.Owners(now), maxClients);

            if (admit && actual.IsAllowed)
            {
                log.Add(client, now);
            }

            retryAfter = actual.IsAllowed ? retryAfter : actual.RetryAfter;
            Step(random, retryAfter, window);
        }

        log.AssertNoSpanExceeds(limit, window);
    }

    [Fact]
    public async Task Acquire_HundredFirstRequestsAtOnce_ExactlyTenPass()
    {
        SlidingWindowLimiter limiter = new(10, Minute, 50_000, _clock);
        using Barrier start = new(100);
        bool[] passed = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Race(() =>
        {
            start.SignalAndWait();
            return limiter.Acquire(Client(1)).IsAllowed;
        }))).WaitAsync(Generous, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(10, passed.Count(allowed => allowed));
        Assert.Equal(1, limiter.ClientCount);
    }

    [Fact]
    public async Task Acquire_ManyThreadsAtTheBound_AdmitsExactlyWhatTheBudgetsHold()
    {
        const int Threads = 4, MaxClients = 50;
        SlidingWindowLimiter limiter = new(10, Minute, MaxClients, _clock);
        using Barrier start = new(Threads);
        int[] passed = await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Race(() =>
        {
            start.SignalAndWait();
            return Enumerable.Range(0, 20_000).Count(i => limiter.Acquire(Client(i % 200)).IsAllowed);
        }))).WaitAsync(Generous, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal((MaxClients + 1) * 10, passed.Sum()); // and one budget that the rest share
        Assert.Equal(MaxClients, limiter.ClientCount);
    }

    private static Task<T> Race<T>(Func<T> run) =>
        Task.Factory.StartNew(run, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    // Mostly small steps, often to a moment on which something turns.
    private void Step(Random random, TimeSpan retryAfter, TimeSpan window)
    {
        switch (random.Next(20))
        {
            case < 8:
                break;
            case < 13:
                _clock.Advance(TimeSpan.FromTicks(random.NextInt64(2 * TimeSpan.TicksPerSecond)));
                break;
            case 13:
                _clock.Advance(Tick);
                break;
            case 14 or 15:
                _clock.Advance(retryAfter);
                break;
            case 16:
                _clock.Advance(retryAfter - Tick);
                break;
            case 17:
                _clock.Advance(window);
                break;
            case 18:
                _clock.Advance(window - Tick);
                break;
            default:
                _clock.JumpWall(TimeSpan.FromHours(random.Next(-1, 2)));
                break;
        }
    }
}
