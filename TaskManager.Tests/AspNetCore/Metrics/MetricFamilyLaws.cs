using System.Globalization;

namespace TaskManager.Tests.AspNetCore.Metrics;

/// <summary>What must hold among the samples of one family.</summary>
internal static class MetricFamilyLaws
{
    public static void Check(string name, string type, IReadOnlyList<MetricSample> samples)
    {
        Assert.Matches("^taskmanager_[a-z0-9_]+$", name);
        Assert.Equal(type == "counter", name.EndsWith("_total", StringComparison.Ordinal));
        if (type == "histogram")
        {
            Assert.All(samples, sample => Assert.Contains(sample.Name, (string[])[$"{name}_bucket", $"{name}_sum", $"{name}_count"]));
            foreach (IGrouping<string, MetricSample> series in samples.GroupBy(SeriesOf, StringComparer.Ordinal))
            {
                CheckHistogram(name, [.. series]);
            }
        }
        else
        {
            Assert.All(samples, sample => Assert.Equal(name, sample.Name));
            Assert.All(samples, sample => Assert.True(type == "gauge" || sample.Value >= 0, $"{sample.Series} counts {sample.Value}."));
        }
    }

    private static void CheckHistogram(string name, MetricSample[] series)
    {
        MetricSample[] buckets = [.. series.Where(sample => sample.Name == $"{name}_bucket")];
        double[] bounds = [.. buckets.Select(bucket => bucket.Labels["le"] == "+Inf" ? double.PositiveInfinity : double.Parse(bucket.Labels["le"], CultureInfo.InvariantCulture))];
        Assert.Equal(bounds.Distinct().Order(), bounds);
        Assert.Equal(double.PositiveInfinity, bounds[^1]);
        Assert.Equal(buckets.Select(bucket => bucket.Value).Order(), buckets.Select(bucket => bucket.Value)); // cumulative
        double sum = Assert.Single(series, sample => sample.Name == $"{name}_sum").Value;
        double count = Assert.Single(series, sample => sample.Name == $"{name}_count").Value;
        Assert.Equal(count, buckets[^1].Value);
        Assert.Equal(series.Length, buckets.Length + 2);
        Assert.True(sum >= 0 && (count > 0 || sum == 0), $"{count} values add up to {sum}.");
    }

    private static string SeriesOf(MetricSample sample) =>
        (sample with { Name = string.Empty, Labels = sample.Labels.Where(label => label.Key != "le").ToDictionary(StringComparer.Ordinal) }).Series;
}
