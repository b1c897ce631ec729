namespace TaskManager.AspNetCore.Metrics;

/// <summary>One series: the values of one instrument under one set of labels.</summary>
/// <param name="labels">The labels as the text format writes them, without braces; empty when there are none.</param>
/// <param name="bounds">The upper bounds of a histogram's buckets; empty for a plain value.</param>
internal sealed class MetricSeries(string labels, IReadOnlyList<double> bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _buckets = new long[bounds.Count]; // guarded by _gate, as is all below
    private double _sum;
    private long _count;

    public string Labels => labels;

    public IReadOnlyList<double> Bounds => bounds;

    public void Add(double value)
    {
        lock (_gate)
        {
            _sum += value;
            _count++;
            for (int i = 0; i < bounds.Count; i++)
            {
                if (value <= bounds[i])
                {
                    _buckets[i]++; // each alone; the sums over the smaller ones are made when they are read
                    return;
                }
            }
        }
    }

    /// <summary>Takes a total that was counted elsewhere.</summary>
    public void Set(double value)
    {
        lock (_gate)
        {
            _sum = value;
        }
    }

    public (double Sum, long Count, long[] CumulativeBuckets) Read()
    {
        lock (_gate)
        {
            long[] cumulative = [.. _buckets];
            for (int i = 1; i < cumulative.Length; i++)
            {
                cumulative[i] += cumulative[i - 1];
            }

            return (_sum, _count, cumulative);
        }
    }
}
