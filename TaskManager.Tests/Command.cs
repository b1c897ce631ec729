using System.Diagnostics;
using System.Text;

namespace TaskManager.Tests;

/// <summary>Runs a program to its end, within a bound that only detects a hang.</summary>
internal static class Command
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(4);

    public static async Task<(int ExitCode, string Output)> RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // what a test starts ends with it
        start.Environment.Remove("MSBuildSDKsPath");
        using Process process = Process.Start(start)!;
        var output = new StringBuilder();
        var errors = new StringBuilder(); // apart, since two pipes have no order, and a line of the one may come between two of the other
        Task reading = Task.WhenAll(AppendAsync(process.StandardOutput, output), AppendAsync(process.StandardError, errors));
        using var bound = new CancellationTokenSource(Bound, TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(bound.Token);
            await reading;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} did not end: {Text(output)}{Text(errors)}");
        }

        return (process.ExitCode, Text(output) + Text(errors));
    }

    private static string Text(StringBuilder output)
    {
        lock (output)
        {
            return output.ToString();
        }
    }

    private static async Task AppendAsync(StreamReader reader, StringBuilder output)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }
    }
}
