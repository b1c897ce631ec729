using TaskManager.Benchmarks.Report;

namespace TaskManager.Benchmarks.Http;

/// <summary>From the start of the process to its first answer, and what it holds of memory then.</summary>
internal static class StartUp
{
    private const int Rounds = 7;

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        IReadOnlyList<(double Nanoseconds, double Bytes)>[] rounds = await Interleaved.RunAsync(
            Rounds, () => MeasureAsync(() => ServerProcess.StartHostAsync(), "/health"), () => MeasureAsync(ServerProcess.StartEchoAsync, "/waiting"));
        (Series time, Series bytes) = (rounds[0].Of(round => round.Nanoseconds), rounds[0].Of(round => round.Bytes));
        (Series echoTime, Series echoBytes) = (rounds[1].Of(round => round.Nanoseconds), rounds[1].Of(round => round.Bytes));
        return
        [
            new Row(
                "start to first answer, framework-dependent",
                Figures.Nanoseconds(time.Median),
                $"echo {Figures.Nanoseconds(echoTime.Median)}",
                Ratio: $"{Figures.Times(time.RatioTo(echoTime))} the echo",
                Goal: "≤ 300 ms",
                IsMet: time.Median <= 300e6),
            new Row(
                "working set after the first answer",
                Figures.Bytes(bytes.Median),
                $"echo {Figures.Bytes(echoBytes.Median)}",
                Ratio: $"{Figures.Times(bytes.RatioTo(echoBytes))} the echo",
                Goal: "≤ 90 MB",
                IsMet: bytes.Median <= 90 * 1024 * 1024),
        ];
    }

    private static async Task<(double Nanoseconds, double Bytes)> MeasureAsync(Func<Task<ServerProcess>> start, string path)
    {
        await using ServerProcess server = await start();
        await server.Client.GetByteArrayAsync(new Uri(path, UriKind.Relative));
        return (TimeProvider.System.GetElapsedTime(server.Started).TotalNanoseconds, server.WorkingSet);
    }
}
