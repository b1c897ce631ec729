using TaskManager.Benchmarks.Report;

namespace TaskManager.Benchmarks.Http;

/// <summary>Requests a second of the real host, beside a minimal API that only echoes.</summary>
internal static class HttpThroughput
{
    private const int Rounds = 5;
    private const int ListRounds = 3;
    private const int Few = 1_000;
    private const int Many = 1_000_000;
    private const int ScheduledTasks = 5; // older than all else
    private const double ListsPerSecond = 15_000;
    private const string Post = "POST /tasks";
    private const string Get = "GET /tasks/{id}";
    private const string List = "GET /tasks?limit=50";

    private static readonly string[] KeepMany = ["--TaskManager:MaxRetained=2000000", "--TaskManager:QueueCapacity=2000000", "--TaskManager:Retention=1.00:00:00"];

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        if (!await Wrk.IsThereAsync())
        {
            return [Skipped(Post), Skipped(Get), Skipped(List)];
        }

        await using ServerProcess echo = await ServerProcess.StartEchoAsync();
        await using ServerProcess host = await ServerProcess.StartHostAsync();
        return [.. await MeasureSingleAsync(host, echo), .. await MeasureListsAsync(echo)];
    }

    private static async Task<IReadOnlyList<Row>> MeasureSingleAsync(ServerProcess host, ServerProcess echo)
    {
        Row posted = await CompareAsync(Post, server => Wrk.PostAsync(server, "/tasks", Submissions.Add));
        string id = await Submissions.SubmitAsync(host.Client, Submissions.Add); // now, since retention has removed what was there before
        return [posted, await CompareAsync(Get, server => Wrk.GetAsync(server, $"/tasks/{id}"))];

        async Task<Row> CompareAsync(string request, Func<ServerProcess, Task<Wrk.Load>> load)
        {
            IReadOnlyList<Wrk.Load>[] rounds = await WarmAndMeasureAsync(Rounds, () => load(host), () => load(echo));
            (Series mine, Series limit) = (PerSecond(rounds[0]), PerSecond(rounds[1]));
            double ratio = mine.RatioTo(limit);
            return new Row(
                Title(request),
                Show(rounds[0]),
                $"echo {Show(rounds[1])}",
                Ratio: $"{Figures.Percent(ratio)} of the echo, by processor time {Figures.Percent(Processor(rounds[1]).RatioTo(Processor(rounds[0])))}",
                Goal: "≥ 75 % of the echo",
                IsMet: ratio >= 0.75 && rounds[0].All(round => round.Refused == 0));
        }
    }

    private static async Task<IReadOnlyList<Row>> MeasureListsAsync(ServerProcess echo)
    {
        await using ServerProcess few = await StartFilledAsync(Few);
        await using ServerProcess many = await StartFilledAsync(Many);
        byte[] page = await few.Client.GetByteArrayAsync(new Uri("/tasks?limit=50", UriKind.Relative));
        using var content = new ByteArrayContent(page);
        using HttpResponseMessage kept = await echo.Client.PutAsync(new Uri("/tasks", UriKind.Relative), content);
        kept.EnsureSuccessStatusCode();
        return
        [
            await MeasureListAsync(List, few, many, echo),
            await MeasureListAsync($"{List}&status=completed", few, many, echo),
            await MeasureListAsync($"{List}&status=scheduled", few, many, echo),
        ];
    }

    private static async Task<Row> MeasureListAsync(string request, ServerProcess few, ServerProcess many, ServerProcess echo)
    {
        string path = request["GET ".Length..];
        bool hasFewMatches = path.EndsWith("scheduled", StringComparison.Ordinal);
        IReadOnlyList<Wrk.Load>[] rounds = await WarmAndMeasureAsync(
            ListRounds, () => Wrk.GetAsync(few, path), () => Wrk.GetAsync(many, path), () => Wrk.GetAsync(echo, "/tasks"));
        (Series ofFew, Series ofMany, Series limit) = (PerSecond(rounds[0]), PerSecond(rounds[1]), PerSecond(rounds[2]));
        double growth = ofMany.RatioTo(ofFew);
        double processor = Processor(rounds[0]).RatioTo(Processor(rounds[1]));
        return new Row(
            $"{Title(request)}, with 1,000 · 1,000,000 kept{(hasFewMatches ? $", {ScheduledTasks} matches older than all else" : string.Empty)}",
            $"{Show(rounds[0])} · {Show(rounds[1])}",
            hasFewMatches ? string.Empty : $"the same bytes, ready made {Show(rounds[2])}",
            Ratio: (hasFewMatches ? string.Empty : $"{Figures.Percent(ofFew.RatioTo(limit))} of the limit; ")
                + $"from 1,000 to 1,000,000 {Figures.Percent(growth)}, by processor time {Figures.Percent(processor)}",
            Goal: "≥ 15,000/s, and the same with 1,000,000",
            IsMet: ofFew.Median >= ListsPerSecond && ofMany.Median >= ListsPerSecond && growth >= 0.75);
    }

    private static async Task<ServerProcess> StartFilledAsync(int tasks)
    {
        ServerProcess server = await ServerProcess.StartHostAsync(KeepMany);
        for (int i = 0; i < ScheduledTasks; i++)
        {
            await Submissions.SubmitAsync(server.Client, Submissions.Later);
        }

        await server.FillAsync(tasks);
        return server;
    }

    private static async Task<IReadOnlyList<Wrk.Load>[]> WarmAndMeasureAsync(int rounds, params Func<Task<Wrk.Load>>[] loads)
    {
        await Interleaved.RunAsync(rounds: 1, loads);
        return await Interleaved.RunAsync(rounds, loads);
    }

    private static Series PerSecond(IReadOnlyList<Wrk.Load> rounds) => rounds.Of(round => round.PerSecond);

    private static Series Processor(IReadOnlyList<Wrk.Load> rounds) => rounds.Of(round => round.Processor);

    private static string Show(IReadOnlyList<Wrk.Load> rounds) =>
        $"{Figures.Rate(PerSecond(rounds).Median)}, {Figures.Nanoseconds(Processor(rounds).Median)} of processor{Refused(rounds)}";

    private static string Refused(IReadOnlyList<Wrk.Load> rounds) => rounds.Sum(round => round.Refused) is > 0 and var refused ? $" ({refused:N0} refused)" : string.Empty;

    private static Row Skipped(string request) => Row.Skipped(Title(request), Wrk.Missing);

    private static string Title(string request) => $"`{request}`, `wrk -t1 -c64`";
}
