using TaskManager.Diagnostics;

namespace TaskManager.Tests.Core.Diagnostics;

public sealed class DurationHistogramTests
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(30);

    private readonly DurationHistogram _histogram = new(Span, slices: 3);

    [Fact]
    public void Percentiles_NothingMeasured_AreNone() => Assert.Equal(new DurationPercentiles(null, null, null), _histogram.Percentiles(TimeSpan.Zero));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(3_000)]
    public void Percentiles_RandomDurations_LieAtMostAnEighthAboveTheExactOnes(int count)
    {
        var random = new Random(count);
        long[] ticks = [.. Enumerable.Range(0, count).Select(_ => (long)Math.Pow(2, random.NextDouble() * 50))];
        foreach (long duration in ticks)
        {
            _histogram.Add(TimeSpan.FromTicks(duration), TimeSpan.Zero);
        }

        Array.Sort(ticks);
        DurationPercentiles percentiles = _histogram.Percentiles(TimeSpan.Zero);
        AssertClose(ticks, 50, percentiles.P50);
        AssertClose(ticks, 95, percentiles.P95);
        AssertClose(ticks, 99, percentiles.P99);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(7, 7)]
    [InlineData(8, 8)] // an octave has eight buckets: up to here they are a tick wide
    [InlineData(15, 15)]
    [InlineData(16, 17)]
    [InlineData(17, 17)]
    [InlineData(18, 19)]
    [InlineData(31, 31)]
    [InlineData(32, 35)]
    [InlineData(1_000, 1_023)]
    [InlineData(1_024, 1_151)]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(-5, 0)] // never negative, but no reason to fall over
    public void Percentiles_OneDuration_IsTheUpperBoundOfItsBucket(long ticks, long expected)
    {
        _histogram.Add(TimeSpan.FromTicks(ticks), TimeSpan.Zero);

        DurationPercentiles percentiles = _histogram.Percentiles(TimeSpan.Zero);

        Assert.Equal(TimeSpan.FromTicks(expected), percentiles.P50);
        Assert.Equal((percentiles.P50, percentiles.P50), (percentiles.P95, percentiles.P99));
    }

    [Fact]
    public void Percentiles_OldDurations_AreThrownAwaySliceBySlice()
    {
        _histogram.Add(TimeSpan.FromTicks(1), TimeSpan.FromSeconds(109)); // the last moment of a slice
        _histogram.Add(TimeSpan.FromTicks(3), TimeSpan.FromSeconds(110));

        Assert.Equal(1, Median(129));
        Assert.Equal(3, Median(130));
        Assert.Equal(3, Median(139));
        Assert.Null(_histogram.Percentiles(TimeSpan.FromSeconds(140)).P50);
    }

    [Fact]
    public void Add_SliceThatIsUsedAgain_HasForgottenWhatItHeld()
    {
        _histogram.Add(TimeSpan.FromTicks(1), TimeSpan.FromSeconds(0));
        _histogram.Add(TimeSpan.FromTicks(1), TimeSpan.FromSeconds(0));
        _histogram.Add(TimeSpan.FromTicks(3), TimeSpan.FromSeconds(30));

        Assert.Equal(3, Median(30));
        _histogram.Add(TimeSpan.FromTicks(5), TimeSpan.FromSeconds(31));
        _histogram.Add(TimeSpan.FromTicks(7), TimeSpan.FromSeconds(32));
        Assert.Equal(5, Median(32));
    }

    private static void AssertClose(long[] sorted, int percent, TimeSpan? actual)
    {
        long exact = sorted[(((sorted.Length * percent) + 99) / 100) - 1]; // nearest rank
        Assert.InRange(actual!.Value.Ticks, exact, exact + (exact / 8));
    }

    private long Median(int second) => _histogram.Percentiles(TimeSpan.FromSeconds(second)).P50!.Value.Ticks;
}
