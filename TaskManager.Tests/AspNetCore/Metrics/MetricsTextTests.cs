namespace TaskManager.Tests.AspNetCore.Metrics;

/// <summary>The reader of metrics that the tests rely on refuses what it should.</summary>
[Trait("Proof", "http")]
public sealed class MetricsTextTests
{
    private const string Counter = "# HELP taskmanager_a_total All.\n# TYPE taskmanager_a_total counter\n";
    private const string Histogram = "# HELP taskmanager_h How long.\n# TYPE taskmanager_h histogram\n";

    [Fact]
    public void Parse_WhatIsRight_GivesItsSamples()
    {
        const string Text = Counter + "taskmanager_a_total{x=\"a\\\\b\\\"c\\nd,e}\",y=\"\"} 1\n"
            + Histogram + "taskmanager_h_bucket{le=\"0.5\"} 1\ntaskmanager_h_bucket{le=\"+Inf\"} 2\ntaskmanager_h_sum 3.5\ntaskmanager_h_count 2\n";
        IReadOnlyList<MetricSample> samples = MetricsText.Parse(Text);
        Assert.Equal(5, samples.Count);
        Assert.Equal(("a\\b\"c\nd,e}", string.Empty, 1d), (samples[0].Labels["x"], samples[0].Labels["y"], samples[0].Value));
    }

    [Theory]
    [InlineData("taskmanager_a_total 1\n")] // no HELP
    [InlineData("# HELP taskmanager_a_total All.\ntaskmanager_a_total 1\n")] // no TYPE
    [InlineData(Counter + Counter)] // twice
    [InlineData(Counter + "taskmanager_a_total 1")] // cut off
    [InlineData(Counter + "taskmanager_b_total 1\n")] // another's
    [InlineData(Counter + "taskmanager_a_total{} 1\n")]
    [InlineData(Counter + "taskmanager_a_total{x=\"1\",} 1\n")]
    [InlineData(Counter + "taskmanager_a_total{x=1} 1\n")]
    [InlineData(Counter + "taskmanager_a_total{x=\"\\t\"} 1\n")]
    [InlineData(Counter + "taskmanager_a_total{x=\"1\",x=\"2\"} 1\n")]
    [InlineData(Counter + "taskmanager_a_total{x.y=\"1\"} 1\n")]
    [InlineData(Counter + "taskmanager_a_total 1\ntaskmanager_a_total 2\n")] // the same series
    [InlineData(Counter + "taskmanager_a_total{x=\"1\",y=\"2\"} 1\ntaskmanager_a_total{y=\"2\",x=\"1\"} 1\n")]
    [InlineData(Counter + "taskmanager_a_total one\n")]
    [InlineData(Counter + "taskmanager_a_total -1\n")]
    [InlineData(Counter + "\n")]
    [InlineData("# HELP other_total All.\n# TYPE other_total counter\n")]
    [InlineData("# HELP taskmanager_a All.\n# TYPE taskmanager_a counter\n")]
    [InlineData(Histogram + "taskmanager_h_bucket{le=\"1\"} 1\ntaskmanager_h_sum 1\ntaskmanager_h_count 1\n")] // no +Inf
    [InlineData(Histogram + "taskmanager_h_bucket{le=\"1\"} 2\ntaskmanager_h_bucket{le=\"+Inf\"} 1\ntaskmanager_h_sum 1\ntaskmanager_h_count 1\n")] // not cumulative
    [InlineData(Histogram + "taskmanager_h_bucket{le=\"+Inf\"} 1\ntaskmanager_h_sum 1\ntaskmanager_h_count 2\n")]
    [InlineData(Histogram + "taskmanager_h_bucket{le=\"+Inf\"} 1\ntaskmanager_h_count 1\n")] // no sum
    [InlineData(Histogram + "taskmanager_h_bucket{le=\"2\"} 0\ntaskmanager_h_bucket{le=\"1\"} 0\ntaskmanager_h_bucket{le=\"+Inf\"} 0\ntaskmanager_h_sum 0\ntaskmanager_h_count 0\n")] // out of order
    public void Parse_WhatIsNot_IsRefused(string text) => Assert.NotNull(Record.Exception(() => MetricsText.Parse(text)));
}
