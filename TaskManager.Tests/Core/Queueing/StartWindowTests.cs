using TaskManager.Queueing;

namespace TaskManager.Tests.Core.Queueing;

public sealed class StartWindowTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    public static MatrixTheoryData<int, int> Runs { get; } = new([1, 2, 5], Enumerable.Range(1, 10));

    [Fact]
    public void UntilNext_FewerStartsThanMayBe_IsZero()
    {
        StartWindow window = new(new TaskRate(2, Span));
        Assert.Equal(TimeSpan.Zero, window.UntilNext(TimeSpan.Zero));
        window.Add(TimeSpan.Zero);

        Assert.Equal(TimeSpan.Zero, window.UntilNext(TimeSpan.Zero));
    }

    [Fact]
    public void UntilNext_AsManyStartsAsMayBe_IsUntilTheOldestLeaves()
    {
        StartWindow window = new(new TaskRate(2, Span));
        window.Add(TimeSpan.FromSeconds(3));
        window.Add(TimeSpan.FromSeconds(7));

        Assert.Equal(TimeSpan.FromSeconds(6), window.UntilNext(TimeSpan.FromSeconds(7)));
        Assert.Equal(Tick, window.UntilNext(TimeSpan.FromSeconds(13) - Tick));
        Assert.Equal(TimeSpan.Zero, window.UntilNext(TimeSpan.FromSeconds(13)));
        Assert.Equal(TimeSpan.Zero, window.UntilNext(TimeSpan.FromSeconds(99)));
    }

    [Fact]
    public void Add_TheOldestHasLeft_TheNextCounts()
    {
        StartWindow window = new(new TaskRate(2, Span));
        window.Add(TimeSpan.FromSeconds(3));
        window.Add(TimeSpan.FromSeconds(7));
        window.Add(TimeSpan.FromSeconds(13));

        Assert.Equal(TimeSpan.FromSeconds(4), window.UntilNext(TimeSpan.FromSeconds(13)));
        Assert.Equal(Tick, window.UntilNext(TimeSpan.FromSeconds(17) - Tick));
        Assert.Equal(TimeSpan.Zero, window.UntilNext(TimeSpan.FromSeconds(17)));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void UntilNext_RandomStarts_NoSpanHoldsMoreAndNoStartWaitsLonger(int count, int seed)
    {
        Random random = new(seed);
        StartWindow window = new(new TaskRate(count, Span));
        List<TimeSpan> starts = [];
        TimeSpan now = TimeSpan.Zero;
        for (int i = 0; i < 2_000; i++)
        {
            now += random.Next(3) == 0 ? window.UntilNext(now) : TimeSpan.FromTicks(random.NextInt64(3 * TimeSpan.TicksPerSecond));
            bool isFree = starts.Count(start => start > now - Span) < count;
            Assert.Equal(isFree, window.UntilNext(now) == TimeSpan.Zero);
            if (isFree)
            {
                window.Add(now);
                starts.Add(now);
            }
            else
            {
                TimeSpan free = now + window.UntilNext(now);
                Assert.InRange(starts.Count(start => start > free - Span), 0, count - 1);
                Assert.Equal(count, starts.Count(start => start > free - Tick - Span));
            }
        }
    }
}
