using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace TaskManager.AspNetCore.Metrics;

/// <summary>All series of one instrument, as Prometheus names them.</summary>
internal sealed class MetricFamily
{
    /// <summary>How many series an instrument may have; what comes beyond is not shown. Task types are bounded, so that it is never reached by them.</summary>
    private const int MaxSeries = 20_000;

    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<TagPair, MetricSeries> _byTags = new(); // what is measured with each task comes with the same objects, and need not be written each time
    private readonly IReadOnlyList<double> _bounds;

    public MetricFamily(Instrument instrument)
    {
        Kind = KindOf(instrument);
        Name = NameOf(instrument, Kind);
        Help = instrument.Description ?? instrument.Name;
        IsObserved = instrument.IsObservable;
        _bounds = instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } ? bounds : [];
    }

    /// <summary>Gets <c>counter</c>, <c>gauge</c> or <c>histogram</c>.</summary>
    public string Kind { get; }

    public string Name { get; }

    public string Help { get; }

    /// <summary>Gets a value indicating whether it is asked for its values, and not told of each.</summary>
    public bool IsObserved { get; }

    public IEnumerable<MetricSeries> Series => _series.Values.OrderBy(series => series.Labels, StringComparer.Ordinal);

    /// <summary>Finds the series of a set of labels; <see langword="null"/> when there would be too many.</summary>
    public MetricSeries? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (IsObserved || tags.Length is 0 or > 2)
        {
            return FindByLabels(tags);
        }

        var pair = new TagPair(tags[0], tags.Length == 2 ? tags[1] : default);
        if (_byTags.TryGetValue(pair, out MetricSeries? known))
        {
            return known;
        }

        MetricSeries? found = FindByLabels(tags);
        if (found is not null && _byTags.Count < MaxSeries)
        {
            _byTags.TryAdd(pair, found);
        }

        return found;
    }

    private MetricSeries? FindByLabels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = LabelsOf(tags);
        return _series.TryGetValue(labels, out MetricSeries? known) ? known
            : _series.Count < MaxSeries ? _series.GetOrAdd(labels, new MetricSeries(labels, _bounds))
            : null;
    }

    /// <summary>Forgets all series: those that are still there will be observed anew.</summary>
    public void Clear() => _series.Clear();

    private static string KindOf(Instrument instrument) => instrument switch
    {
        Histogram<double> => "histogram",
        Counter<long> or ObservableCounter<long> => "counter",
        _ => "gauge",
    };

    /// <summary>Dots become underscores; the unit is written out, and a counter ends with <c>_total</c>.</summary>
    private static string NameOf(Instrument instrument, string kind)
    {
        string unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => string.Empty };
        return $"{instrument.Name.Replace('.', '_')}{unit}{(kind == "counter" ? "_total" : string.Empty)}";
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length == 0)
        {
            return string.Empty;
        }

        var labels = new StringBuilder();
        foreach ((string key, object? value) in tags)
        {
            labels.Append(labels.Length == 0 ? string.Empty : ",").Append(ShortOf(key)).Append("=\"").Append(Escaped(value)).Append('"');
        }

        return labels.ToString();
    }

    // Every name begins with the project's own already.
    private static string ShortOf(string key) => key.Replace("taskmanager.", string.Empty, StringComparison.Ordinal).Replace('.', '_');

    private static string Escaped(object? value) => (Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty)
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>Up to two tags, the same only if they are the very same objects.</summary>
    private readonly struct TagPair(KeyValuePair<string, object?> first, KeyValuePair<string, object?> second) : IEquatable<TagPair>
    {
        private readonly KeyValuePair<string, object?> _first = first;
        private readonly KeyValuePair<string, object?> _second = second;

        public bool Equals(TagPair other) => AreSame(_first, other._first) && AreSame(_second, other._second);

        public override bool Equals(object? obj) => obj is TagPair other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(_first.Value), RuntimeHelpers.GetHashCode(_second.Value));

        private static bool AreSame(KeyValuePair<string, object?> tag, KeyValuePair<string, object?> other) =>
            ReferenceEquals(tag.Value, other.Value) && ReferenceEquals(tag.Key, other.Key);
    }
}
