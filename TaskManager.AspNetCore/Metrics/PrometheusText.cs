using System.Globalization;
using System.Text;

namespace TaskManager.AspNetCore.Metrics;

/// <summary>Writes metrics in Prometheus' text format, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder();
        foreach (MetricFamily family in families)
        {
            text.Append("# HELP ").Append(family.Name).Append(' ').Append(family.Help).Append('\n');
            text.Append("# TYPE ").Append(family.Name).Append(' ').Append(family.Kind).Append('\n');
            foreach (MetricSeries series in family.Series)
            {
                if (family.Kind == "histogram")
                {
                    WriteHistogram(text, family.Name, series);
                }
                else
                {
                    WriteSample(text, family.Name, series.Labels, series.Read().Sum);
                }
            }
        }

        return text.ToString();
    }

    private static void WriteHistogram(StringBuilder text, string name, MetricSeries series)
    {
        (double sum, long count, long[] buckets) = series.Read();
        string before = series.Labels.Length == 0 ? string.Empty : $"{series.Labels},";
        for (int i = 0; i < buckets.Length; i++)
        {
            WriteSample(text, $"{name}_bucket", $"{before}le=\"{Number(series.Bounds[i])}\"", buckets[i]);
        }

        WriteSample(text, $"{name}_bucket", $"{before}le=\"+Inf\"", count);
        WriteSample(text, $"{name}_sum", series.Labels, sum);
        WriteSample(text, $"{name}_count", series.Labels, count);
    }

    private static void WriteSample(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
