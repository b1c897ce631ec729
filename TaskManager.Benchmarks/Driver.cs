using TaskManager.Benchmarks.Http;
using TaskManager.Benchmarks.InProcess;
using TaskManager.Benchmarks.Micro;
using TaskManager.Benchmarks.Report;

namespace TaskManager.Benchmarks;

/// <summary>Runs the scenarios that were asked for, and prints one table.</summary>
internal static class Driver
{
    private const string SaveOption = "--save";

    private static readonly (string Name, Func<Task<IReadOnlyList<Row>>> RunAsync)[] Scenarios =
    [
        ("throughput", Throughput.RunAsync),
        ("latency", Latency.RunAsync),
        ("reactions", Reactions.RunAsync),
        ("memory", KeptMemory.RunAsync),
        ("waiters", WaiterMemory.RunAsync),
        ("growth", Growth.RunAsync),
        ("micro", MicroSuite.RunAsync),
        ("http", HttpThroughput.RunAsync),
        ("long-polls", LongPolls.RunAsync),
        ("start", StartUp.RunAsync),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        string[] filters = [.. args.Where(argument => argument != SaveOption)];
        var chosen = Scenarios.Where(scenario => filters.Length == 0 || Array.Exists(filters, filter => scenario.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))).ToList();
        if (chosen.Count == 0)
        {
            await Console.Error.WriteLineAsync($"There is no such scenario, but: {string.Join(", ", Scenarios.Select(scenario => scenario.Name))}.");
            return 2;
        }

        string machine = Machine.Describe();
        var rows = new List<Row>();
        foreach ((string name, Func<Task<IReadOnlyList<Row>>> run) in chosen)
        {
            rows.AddRange(await RunAsync(name, run));
        }

        string report = $"""
            Command: `{string.Join(' ', ["./run.sh bench", .. filters])}`

            Machine: {machine}

            {Table.Write(rows)}
            """;
        Console.WriteLine(report);
        if (args.Contains(SaveOption, StringComparer.Ordinal))
        {
            SavedReport.Replace(report);
        }

        return 0;
    }

    private static async Task<IReadOnlyList<Row>> RunAsync(string name, Func<Task<IReadOnlyList<Row>>> run)
    {
        await Console.Error.WriteAsync($"{name} …");
        long started = TimeProvider.System.GetTimestamp();
        try
        {
            return await run();
        }
        catch (Exception error) // whatever ends one scenario must not cost the figures of the others
        {
            await Console.Error.WriteLineAsync(error.ToString());
            return [Row.Skipped(name, error.Message)];
        }
        finally
        {
            await Console.Error.WriteLineAsync($" {TimeProvider.System.GetElapsedTime(started).TotalSeconds:F0} s");
        }
    }
}
