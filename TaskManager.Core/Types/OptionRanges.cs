using System.Globalization;

namespace TaskManager.Types;

/// <summary>Collects what is wrong with options: the key, the value and the allowed range, all at once.</summary>
internal sealed class OptionRanges(string section)
{
    private readonly List<string> _failures = [];

    public static TimeSpan LongestTimeout => TimeSpan.FromDays(24);

    public IReadOnlyList<string> Failures => _failures;

    public void Check<T>(string key, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            _failures.Add(string.Create(CultureInfo.InvariantCulture, $"{section}:{key} is {value}; it must be from {least} to {most}."));
        }
    }

    public void CheckTimeout(string key, TimeSpan? timeout)
    {
        if (timeout is { } value && value != Timeout.InfiniteTimeSpan && (value < TimeSpan.FromMilliseconds(1) || value > LongestTimeout))
        {
            _failures.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{section}:{key} is {value}; it must be from {TimeSpan.FromMilliseconds(1)} to {LongestTimeout}, or {Timeout.InfiniteTimeSpan} for none."));
        }
    }
}
