using TaskManager.Lifecycle;

namespace TaskManager.Tests.Core.Lifecycle;

[Trait("Proof", "table")]
public sealed class RetryBackoffTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(4, 8)]
    [InlineData(9, 256)]
    [InlineData(10, 300)]
    [InlineData(11, 300)]
    [InlineData(63, 300)]
    [InlineData(64, 300)]
    [InlineData(1000, 300)]
    [InlineData(int.MaxValue, 300)]
    public void Delay_MiddleOfTheJitter_DoublesWithEachFailureUpToTheBound(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryBackoff.Delay(Second, Longest, failures, random: 0.5));

    [Theory]
    [InlineData(0.0, 800)]
    [InlineData(0.25, 900)]
    [InlineData(0.5, 1000)]
    [InlineData(0.75, 1100)]
    [InlineData(1.0, 1200)] // the draw never reaches it
    public void Delay_AnyDraw_VariesByAFifth(double random, int milliseconds) =>
        Assert.Equal(milliseconds, RetryBackoff.Delay(Second, Longest, failures: 1, random).TotalMilliseconds, tolerance: 0.001);

    [Fact]
    public void Delay_AtTheBound_VariesAroundItStill()
    {
        Assert.Equal(240, RetryBackoff.Delay(Second, Longest, failures: 20, random: 0).TotalSeconds, tolerance: 0.001);
        Assert.InRange(RetryBackoff.Delay(Second, Longest, failures: 20, random: Math.BitDecrement(1.0)).TotalSeconds, 359.9, 360);
    }

    [Fact]
    public void Delay_RandomDraws_StayWithinTheJitter()
    {
        Random random = new(1);
        for (int failures = 1; failures <= 9; failures++)
        {
            double middle = Math.Pow(2, failures - 1);
            double[] drawn = [.. Enumerable.Range(0, 1_000).Select(_ => RetryBackoff.Delay(Second, Longest, failures, random.NextDouble()).TotalSeconds)];
            Assert.All(drawn, delay => Assert.InRange(delay, middle * 0.8, middle * 1.2));
            Assert.InRange(drawn.Min(), middle * 0.8, middle * 0.82);
            Assert.InRange(drawn.Max(), middle * 1.18, middle * 1.2);
        }
    }

    [Fact]
    public void Delay_NoDelayAtFirst_StaysNone() => Assert.Equal(TimeSpan.Zero, RetryBackoff.Delay(TimeSpan.Zero, Longest, 30, random: 0.9));

    [Theory]
    [InlineData(64)]
    [InlineData(5000)] // two to that power is beyond every number
    public void Delay_BeyondAllTime_IsTheLongestThereIs(int failures) =>
        Assert.Equal(TimeSpan.MaxValue, RetryBackoff.Delay(TimeSpan.FromDays(24), TimeSpan.MaxValue, failures, random: 0.99));

    [Fact]
    public void Delay_NoDelayAtFirstAndNoBound_StaysNone() => // infinity times nothing would be no number
        Assert.Equal(TimeSpan.Zero, RetryBackoff.Delay(TimeSpan.Zero, TimeSpan.MaxValue, int.MaxValue, random: 0.99));
}
