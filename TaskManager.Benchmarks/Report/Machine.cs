using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;

namespace TaskManager.Benchmarks.Report;

/// <summary>Where the figures come from.</summary>
internal static class Machine
{
    public static string Describe()
    {
        string collector = GCSettings.IsServerGC ? "server" : "workstation";
        long gibibytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Processor()}, {Environment.ProcessorCount} cores, {gibibytes} GiB; {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}, {collector} collector; {Load()}");
    }

    private static string Processor() =>
        FirstLine("/proc/cpuinfo", "model name")?.Split(':', 2)[^1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    // Asked before anything is measured: all of it comes from others.
    private static string Load()
    {
        if (!double.TryParse(FirstLine("/proc/loadavg", string.Empty)?.Split(' ')[0], CultureInfo.InvariantCulture, out double average))
        {
            return "load unknown";
        }

        string warning = average > Environment.ProcessorCount ? ": **others were at work, only the ratios mean something**" : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"load average {average:F1} at the start{warning}");
    }

    private static string? FirstLine(string path, string start) =>
        File.Exists(path) ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal)) : null;
}
