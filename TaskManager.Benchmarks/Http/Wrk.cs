using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace TaskManager.Benchmarks.Http;

/// <summary>The load generator: one thread, 64 connections, on the same cores.</summary>
internal static partial class Wrk
{
    public const string Missing = "wrk is not installed (apt-get install wrk)";

    private const int Seconds = 2;

    public static async Task<bool> IsThereAsync()
    {
        try
        {
            await RunAsync(["--version"]);
            return true;
        }
        catch (Win32Exception) // there is no such program
        {
            return false;
        }
    }

    /// <summary>Asks for one address again and again.</summary>
    public static Task<Load> GetAsync(ServerProcess server, string path) => MeasureAsync(server, path);

    /// <summary>Posts one body again and again.</summary>
    public static async Task<Load> PostAsync(ServerProcess server, string path, string json)
    {
        string script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, $"""
                wrk.method = "POST"
                wrk.headers["Content-Type"] = "{Submissions.JsonType}"
                wrk.body = [[{json}]]
                """);
            return await MeasureAsync(server, path, "-s", script);
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static async Task<Load> MeasureAsync(ServerProcess server, string path, params string[] more)
    {
        string address = new Uri(server.Client.BaseAddress!, path).AbsoluteUri;
        TimeSpan processor = server.ProcessorTime;
        string output = await RunAsync(["-t1", "-c64", string.Create(CultureInfo.InvariantCulture, $"-d{Seconds}s"), .. more, address]);
        processor = server.ProcessorTime - processor;
        Match rate = RateLine().Match(output);
        Match requests = RequestsLine().Match(output);
        Match refused = RefusedLine().Match(output);
        return rate.Success && requests.Success
            ? new Load(Number(rate), processor.TotalNanoseconds / Number(requests), refused.Success ? (long)Number(refused) : 0)
            : throw new InvalidOperationException($"wrk said something else: {output}");
    }

    private static double Number(Match match) => double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);

    private static async Task<string> RunAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("wrk", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output + await errors;
    }

    [GeneratedRegex(@"Requests/sec: +(?<number>[\d.]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RateLine();

    [GeneratedRegex(@"(?<number>\d+) requests in", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RequestsLine();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (?<number>\d+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RefusedLine();

    /// <param name="PerSecond">How many answers came a second.</param>
    /// <param name="Processor">How long a processor worked in the server for each, in nanoseconds.</param>
    /// <param name="Refused">How many of all answers were no success.</param>
    internal readonly record struct Load(double PerSecond, double Processor, long Refused);
}
