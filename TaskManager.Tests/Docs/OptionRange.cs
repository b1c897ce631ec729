using System.Globalization;
using System.Text.RegularExpressions;

namespace TaskManager.Tests.Docs;

/// <summary>Reads quantities as documents write them: <c>1,000</c>, <c>256 KiB</c>, <c>10 minutes</c>, <c>zero</c>.</summary>
internal static partial class OptionRange
{
    private static readonly Dictionary<string, decimal> Units = new(StringComparer.Ordinal)
    {
        [string.Empty] = 1,
        ["KiB"] = 1024,
        ["MiB"] = 1024 * 1024,
        ["GiB"] = 1024 * 1024 * 1024,
        ["TiB"] = 1024m * 1024 * 1024 * 1024,
        ["millisecond"] = TimeSpan.TicksPerMillisecond,
        ["second"] = TimeSpan.TicksPerSecond,
        ["minute"] = TimeSpan.TicksPerMinute,
        ["hour"] = TimeSpan.TicksPerHour,
        ["day"] = TimeSpan.TicksPerDay,
    };

    /// <summary>Reads a range. Times are in ticks, sizes in bytes.</summary>
    /// <returns><see langword="null"/> when the text holds none.</returns>
    public static (decimal Least, decimal Most)? Read(string text) =>
        RangePattern().Match(text) is { Success: true } match ? (Quantity(match.Groups["least"].Value), Quantity(match.Groups["most"].Value)) : null;

    /// <summary>Reads what the documentation of a property says its default is.</summary>
    public static decimal ReadDefault(string text) => Quantity(DefaultPattern().Match(text).Groups["value"].Value);

    /// <summary>Puts the value of an option into the same units.</summary>
    public static decimal Of(object value) => value is TimeSpan time ? time.Ticks : Convert.ToDecimal(value, CultureInfo.InvariantCulture);

    /// <summary>Makes a value of an option's type.</summary>
    public static object To(Type type, decimal quantity) =>
        type == typeof(TimeSpan) ? new TimeSpan((long)quantity) : Convert.ChangeType(quantity, type, CultureInfo.InvariantCulture);

    private static decimal Quantity(string text)
    {
        string[] words = text.Split(' ');
        decimal number = words[0] == "zero" ? 0 : decimal.Parse(words[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        return number * Units[words.Length == 1 ? string.Empty : words[1].TrimEnd('s')];
    }

    [GeneratedRegex(@"(?<least>zero|[\d,]+( MiB| millisecond| second)?) to (?<most>\d[\d,]*\d?( [KMGT]iB| (millisecond|second|minute|hour|day)s?)?)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RangePattern();

    [GeneratedRegex(@"[Tt]he default is (?<value>zero|\d[\d,]*( [KMGT]iB| (millisecond|second|minute|hour|day)s?)?)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DefaultPattern();
}
