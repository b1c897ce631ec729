using System.Globalization;

namespace TaskManager.Benchmarks.Report;

/// <summary>Writes figures for people: three digits are all that a noisy machine can tell.</summary>
internal static class Figures
{
    public static string Rate(double perSecond) => $"{Rounded(perSecond)}/s";

    public static string Bytes(double bytes) => Math.Abs(bytes) switch
    {
        < 10_000 => $"{Rounded(bytes)} B",
        < 10_000_000 => $"{Rounded(bytes / 1024)} KB",
        _ => $"{Rounded(bytes / 1024 / 1024)} MB",
    };

    public static string Duration(TimeSpan duration) => Nanoseconds(duration.TotalNanoseconds);

    public static string Nanoseconds(double nanoseconds) => nanoseconds switch
    {
        < 1e3 => $"{Rounded(nanoseconds)} ns",
        < 1e6 => $"{Rounded(nanoseconds / 1e3)} µs",
        _ => $"{Rounded(nanoseconds / 1e6)} ms",
    };

    public static string Percent(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{ratio * 100:F0} %");

    public static string Times(double ratio) => ratio < 10
        ? string.Create(CultureInfo.InvariantCulture, $"× {ratio:F2}")
        : string.Create(CultureInfo.InvariantCulture, $"× {ratio:F0}");

    private static string Rounded(double value)
    {
        double step = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(Math.Abs(value), 1))) - 2);
        double rounded = Math.Round(value / step) * step;
        return (Math.Abs(rounded) < 0.005 ? 0 : rounded).ToString(step < 1 ? "0.##" : "N0", CultureInfo.InvariantCulture); // and never "-0"
    }
}
