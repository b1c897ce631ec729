using TaskManager.Lifecycle;

namespace TaskManager.Tests.Core.Lifecycle;

/// <summary>The evidence that a worker went on after it had lost a task.</summary>
public sealed class LateReportsTests
{
    [Fact]
    public void Add_MoreThanAreKept_CountsAllAndKeepsTheFirstTen()
    {
        var late = new LateReports();
        Assert.Equal((0, 0), (late.Count, late.Kept.Count));

        for (int i = 1; i <= 25; i++)
        {
            late.Add(new LateReport(DateTimeOffset.UnixEpoch.AddSeconds(i), "complete"));
            Assert.Equal((i, Math.Min(i, 10)), (late.Count, late.Kept.Count));
        }

        Assert.Equal(Enumerable.Range(1, 10).Select(i => DateTimeOffset.UnixEpoch.AddSeconds(i)), late.Kept.Select(report => report.At));
    }

    [Fact]
    public void Add_FromManyThreads_LosesNone()
    {
        var late = new LateReports();

        Parallel.For(0, 1_000, i => late.Add(new LateReport(DateTimeOffset.UnixEpoch.AddSeconds(i), "fail")));

        Assert.Equal((1_000, 10), (late.Count, late.Kept.Distinct().Count()));
    }
}
