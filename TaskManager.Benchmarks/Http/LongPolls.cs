using System.Globalization;
using TaskManager.Benchmarks.Report;

namespace TaskManager.Benchmarks.Http;

/// <summary>Ten thousand clients that wait for one task, each on a connection of its own: what they take of the host's memory, and how long after the task's end the last ones know.</summary>
internal static class LongPolls
{
    private const int Rounds = 3;
    private const int WantedWaiters = 10_000;
    private const int OtherFiles = 1_000;
    private const int WarmUpWaiters = 200;

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        int waiters = Math.Min(WantedWaiters, MaxOpenFiles() - OtherFiles);
        IReadOnlyList<Herd>[] rounds = await Interleaved.RunAsync(
            Rounds,
            () => MeasureAsync(ServerProcess.StartHostAsync, new HostDoor(), waiters),
            () => MeasureAsync(_ => ServerProcess.StartEchoAsync(), new EchoDoor(), waiters));
        (Series bytes, Series latest) = (rounds[0].Of(herd => herd.BytesEach), rounds[0].Of(herd => herd.Woken99));
        (Series bareBytes, Series bareLatest) = (rounds[1].Of(herd => herd.BytesEach), rounds[1].Of(herd => herd.Woken99));
        (Series processor, Series bareProcessor) = (rounds[0].Of(herd => herd.ProcessorEach), rounds[1].Of(herd => herd.ProcessorEach));
        string scenario = string.Create(CultureInfo.InvariantCulture, $"{waiters:N0} long-polls on one host");
        if (waiters < WantedWaiters)
        {
            scenario += " (the limit of open files allows no more)";
        }

        return
        [
            new Row(
                $"{scenario}: memory each",
                Figures.Bytes(bytes.Median),
                $"echo {Figures.Bytes(bareBytes.Median)}",
                Ratio: $"{Figures.Times(bytes.RatioTo(bareBytes))} the echo",
                Goal: "≤ 14 KB",
                IsMet: bytes.Median <= 14 * 1024),
            new Row(
                $"{scenario}: woken, p99",
                $"{Figures.Nanoseconds(latest.Median)}, {Figures.Nanoseconds(processor.Median)} of processor each",
                $"echo {Figures.Nanoseconds(bareLatest.Median)}, {Figures.Nanoseconds(bareProcessor.Median)} of processor each",
                Ratio: $"{Figures.Times(latest.RatioTo(bareLatest))} the echo, by processor time {Figures.Times(processor.RatioTo(bareProcessor))}",
                Goal: "≤ 250 ms",
                IsMet: latest.Median <= 250e6),
        ];
    }

    private static async Task<Herd> MeasureAsync(Func<string[], Task<ServerProcess>> start, IDoor door, int waiters)
    {
        await using ServerProcess server = await start([]);
        await RunAsync(server, door, WarmUpWaiters);
        return await RunAsync(server, door, waiters);
    }

    private static async Task<Herd> RunAsync(ServerProcess server, IDoor door, int waiters)
    {
        string path = await door.CloseAsync(server.Client);
        long before = server.WorkingSet;
        var clients = new List<WaitingClient>(waiters);
        try
        {
            for (int i = 0; i < waiters; i++)
            {
                clients.Add(await WaitingClient.StartAsync(server.Client.BaseAddress!, path));
            }

            while (await door.WaitersAsync(server.Client) < waiters)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }

            long during = server.WorkingSet;
            TimeSpan processor = server.ProcessorTime;
            long started = TimeProvider.System.GetTimestamp();
            await door.OpenAsync(server.Client);
            long[] answered = await Task.WhenAll(clients.Select(client => client.AnsweredAt));
            processor = server.ProcessorTime - processor;
            Series waited = answered.Of(at => TimeProvider.System.GetElapsedTime(started, at).TotalNanoseconds);
            return new Herd((double)(during - before) / waiters, waited.Quantile(0.99), processor.TotalNanoseconds / waiters);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static int MaxOpenFiles()
    {
        const string Start = "Max open files";
        const string Limits = "/proc/self/limits";
        string? line = File.Exists(Limits) ? File.ReadLines(Limits).FirstOrDefault(each => each.StartsWith(Start, StringComparison.Ordinal)) : null;
        string? soft = line?[Start.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return int.TryParse(soft, CultureInfo.InvariantCulture, out int files) ? files : int.MaxValue;
    }

    private readonly record struct Herd(double BytesEach, double Woken99, double ProcessorEach);

    /// <summary>What clients wait in front of.</summary>
    private interface IDoor
    {
        /// <summary>Makes something to wait for.</summary>
        /// <returns>The path to wait at.</returns>
        Task<string> CloseAsync(HttpClient client);

        Task<long> WaitersAsync(HttpClient client);

        Task OpenAsync(HttpClient client);
    }

    private sealed class HostDoor : IDoor
    {
        private string _task = string.Empty;

        public async Task<string> CloseAsync(HttpClient client)
        {
            _task = await Submissions.SubmitAsync(client, Submissions.Later);
            return $"/tasks/{_task}?wait=true&timeout=60";
        }

        public Task<long> WaitersAsync(HttpClient client) => Submissions.WaitersAsync(client);

        public Task OpenAsync(HttpClient client) => PostAsync(client, $"/tasks/{_task}/cancel");
    }

    private sealed class EchoDoor : IDoor
    {
        public Task<string> CloseAsync(HttpClient client) => Task.FromResult("/wait");

        public async Task<long> WaitersAsync(HttpClient client) =>
            long.Parse(await client.GetStringAsync(new Uri("/waiting", UriKind.Relative)), CultureInfo.InvariantCulture);

        public Task OpenAsync(HttpClient client) => PostAsync(client, "/wake");
    }

    private static async Task PostAsync(HttpClient client, string path)
    {
        using HttpResponseMessage response = await client.PostAsync(new Uri(path, UriKind.Relative), content: null);
        response.EnsureSuccessStatusCode();
    }
}
