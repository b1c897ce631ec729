using System.Numerics;

namespace TaskManager.Diagnostics;

/// <summary>Durations of the last minutes in buckets whose bounds grow by an eighth of an octave, in slices of time that are thrown away as they age. Not thread-safe.</summary>
internal sealed class DurationHistogram(TimeSpan span, int slices)
{
    private const int SubBuckets = 8;
    private const int Buckets = 64 * SubBuckets;

    private readonly long _sliceTicks = span.Ticks / slices;
    private readonly int[]?[] _slices = new int[]?[slices];
    private readonly long[] _sliceNumbers = new long[slices];

    public void Add(TimeSpan duration, TimeSpan now)
    {
        long number = now.Ticks / _sliceTicks;
        int index = (int)(number % _slices.Length);
        int[] slice = _slices[index] ??= new int[Buckets];
        if (_sliceNumbers[index] != number)
        {
            Array.Clear(slice);
            _sliceNumbers[index] = number;
        }

        slice[BucketOf(duration.Ticks)]++;
    }

    public DurationPercentiles Percentiles(TimeSpan now)
    {
        long oldest = (now.Ticks / _sliceTicks) - _slices.Length + 1;
        long[] sums = new long[Buckets];
        long total = 0;
        for (int i = 0; i < _slices.Length; i++)
        {
            if (_slices[i] is { } slice && _sliceNumbers[i] >= oldest)
            {
                for (int bucket = 0; bucket < Buckets; bucket++)
                {
                    sums[bucket] += slice[bucket];
                    total += slice[bucket];
                }
            }
        }

        return new DurationPercentiles(At(sums, total, 0.50), At(sums, total, 0.95), At(sums, total, 0.99));
    }

    private static TimeSpan? At(long[] sums, long total, double share)
    {
        if (total == 0)
        {
            return null;
        }

        long rank = Math.Max(1, (long)Math.Ceiling(total * share));
        int bucket = 0;
        for (long seen = sums[0]; seen < rank; seen += sums[bucket])
        {
            bucket++;
        }

        return new TimeSpan(UpperBoundOf(bucket));
    }

    /// <summary>Small values have a bucket each; from there on an octave has eight.</summary>
    private static int BucketOf(long ticks)
    {
        if (ticks < SubBuckets)
        {
            return (int)Math.Max(0, ticks);
        }

        int octave = BitOperations.Log2((ulong)ticks);
        int within = (int)(ticks >> (octave - 3)) & (SubBuckets - 1);
        return ((octave - 2) * SubBuckets) + within;
    }

    private static long UpperBoundOf(int bucket)
    {
        if (bucket < SubBuckets)
        {
            return bucket;
        }

        int octave = (bucket / SubBuckets) + 2;
        long within = bucket % SubBuckets;
        return ((SubBuckets + within + 1) << (octave - 3)) - 1;
    }
}
