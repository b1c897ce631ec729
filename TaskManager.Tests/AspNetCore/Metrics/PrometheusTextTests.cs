using System.Diagnostics.Metrics;
using TaskManager.AspNetCore.Metrics;

namespace TaskManager.Tests.AspNetCore.Metrics;

/// <summary>The text for Prometheus, made of instruments of a test's own.</summary>
[Trait("Proof", "http")]
public sealed class PrometheusTextTests : IDisposable
{
    private const string MeterName = "tested";

    private readonly MeterFactory _factory = new();
    private readonly Meter _meter;
    private readonly MetricCollector _collector;

    public PrometheusTextTests()
    {
        _collector = new MetricCollector(_factory, MeterName);
        _meter = _factory.Create(new MeterOptions(MeterName));
    }

    public void Dispose()
    {
        _collector.Dispose();
        _factory.Dispose();
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("back\\slash")]
    [InlineData("\"quoted\"")]
    [InlineData("two\nlines")]
    [InlineData("\\n")]
    [InlineData("\\\"\n\\")]
    [InlineData("{a=\"b\"} 1 # HELP")]
    [InlineData("ü 漢 😀")]
    public void Write_LabelOfAnyText_ReadsBackAsItWas(string value)
    {
        _meter.CreateCounter<long>("taskmanager.things", "{thing}", "Things.").Add(3, KeyValuePair.Create("taskmanager.kind.of", (object?)value));
        MetricSample sample = Assert.Single(MetricsText.Parse(_collector.Write()));
        Assert.Equal(("taskmanager_things_total", 3d), (sample.Name, sample.Value));
        Assert.Equal(new Dictionary<string, string> { ["kind_of"] = value }, sample.Labels);
    }

    [Fact]
    public void Write_Histogram_HasABucketForEachBoundAndTheRest()
    {
        Histogram<double> times = _meter.CreateHistogram(
            "taskmanager.time", "s", "How long.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1, 10] });
        foreach (double time in (double[])[0.05, 0.1, 0.5, 1, 100])
        {
            times.Record(time);
        }

        IReadOnlyList<MetricSample> samples = MetricsText.Parse(_collector.Write());
        Assert.Equal(
            [("0.1", 2), ("1", 4), ("10", 4), ("+Inf", 5)],
            samples.Where(sample => sample.Name == "taskmanager_time_seconds_bucket").Select(sample => (sample.Labels["le"], (int)sample.Value)));
        Assert.Equal(101.65, Assert.Single(samples, sample => sample.Name == "taskmanager_time_seconds_sum").Value, tolerance: 1e-9);
    }

    [Fact]
    public void Write_ObservedSeriesThatIsGone_IsNotShownAnyMore()
    {
        string[] kinds = ["a", "b"];
        _meter.CreateObservableUpDownCounter("taskmanager.kinds", () => kinds.Select(kind => new Measurement<long>(1, KeyValuePair.Create("kind", (object?)kind))), "{thing}", "By kind.");
        Assert.Equal(2, MetricsText.Parse(_collector.Write()).Count);
        kinds = ["b"];
        Assert.Equal("b", Assert.Single(MetricsText.Parse(_collector.Write())).Labels["kind"]);
    }

    [Fact]
    public void Write_MetersOfOthers_AreNotShown()
    {
        using var elsewhere = new MeterFactory();
        elsewhere.Create(new MeterOptions(MeterName)).CreateCounter<long>("taskmanager.things").Add(1);
        _factory.Create(new MeterOptions("another")).CreateCounter<long>("taskmanager.things").Add(1);
        Assert.Equal(string.Empty, _collector.Write());
    }
}
