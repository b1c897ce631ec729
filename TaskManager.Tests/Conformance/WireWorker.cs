using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary>A worker that a test plays itself, call by call: what it claims begins, goes on and ends when the test says so.</summary>
internal sealed class WireWorker(WireClient wire, string id, string incarnation) : IAsyncDisposable
{
    public string Id => id;

    /// <summary>Makes up the name of a worker that nobody else has.</summary>
    public static string NewId() => string.Create(CultureInfo.InvariantCulture, $"worker-{RandomNumberGenerator.GetInt32(1_000_000_000)}-wire");

    public static async Task<WireWorker> RegisterAsync(WireClient wire, params string[] types)
    {
        var worker = new WireWorker(wire, NewId(), "first");
        (await worker.RegisterAsync(types)).Is(201);
        return worker;
    }

    public Task<HttpAnswer> RegisterAsync(params string[] types) =>
        wire.PostAsync("/workers/register", JsonSerializer.Serialize(new { worker_id = id, incarnation, task_types = types }));

    public Task<HttpAnswer> AskAsync(int max = 1, double wait = 0) =>
        wire.PostAsync($"/workers/{id}/claim", JsonSerializer.Serialize(new { max, wait_seconds = wait, incarnation }));

    public async Task<IReadOnlyList<Claimed>> ClaimAsync(int max, double wait = 0) =>
        [.. (await AskAsync(max, wait)).Is(200).Member("tasks").EnumerateArray().Select(task => new Claimed(task))];

    /// <summary>Claims one task, and waits until there is one.</summary>
    public async Task<Claimed> ClaimAsync() => Assert.Single(await ClaimAsync(max: 1, wait: 25));

    public Task<HttpAnswer> BeatAsync(Claimed task, string more = "", double wait = 0) => wire.PostAsync($"/workers/{id}/heartbeat", string.Create(
        CultureInfo.InvariantCulture, $$"""{"incarnation":"{{incarnation}}","wait_seconds":{{wait}},"leases":[{"task_id":"{{task.Id}}","lease_token":"{{task.Token}}"{{more}}}]}"""));

    /// <summary>Sends heartbeats that hang, until one is answered by something else than what was known.</summary>
    public async Task<string> HearAsync(Claimed task, string known = "continue", string more = "")
    {
        string directive = known;
        await Patience.UntilAsync(async () => (directive = Directive(await BeatAsync(task, more, wait: 25))) != known);
        return directive;
    }

    /// <summary>Sends heartbeats that hang, until the task is to be stopped.</summary>
    public async Task HearCancelAsync(Claimed task) => Assert.Equal("cancel", await HearAsync(task));

    public Task<HttpAnswer> ReportAsync(Claimed task, string verb, string more = "") => wire.PostAsync($"/tasks/{task.Id}/{verb}", $$"""{"lease_token":"{{task.Token}}"{{more}}}""");

    public async Task<HttpAnswer> CompleteAsync(Claimed task, string result = "null") => (await ReportAsync(task, "complete", $",\"result\":{result}")).Is(200);

    public async Task<HttpAnswer> FailAsync(Claimed task, bool isRetryable = false) =>
        (await ReportAsync(task, "fail", $$""","error":{"code":"out_of_luck","message":"No luck today."},"retryable":{{(isRetryable ? "true" : "false")}}""")).Is(200);

    /// <summary>Leaves; what was still in hand is given back.</summary>
    public async ValueTask DisposeAsync() => Assert.Contains((await wire.DeleteAsync($"/workers/{id}")).Status, (int[])[204, 404]);

    public static string Directive(HttpAnswer answer) => Assert.Single(answer.Is(200).Member("tasks").EnumerateArray()).GetProperty("directive").GetString()!;
}

/// <summary>A task in the hand of a worker.</summary>
internal sealed record Claimed(JsonElement Json)
{
    public string Id => Json.GetProperty("task_id").GetString()!;

    public string Token => Json.GetProperty("lease_token").GetString()!;

    /// <summary>Gives the task under the token of another lease.</summary>
    public Claimed Under(string token) => new(JsonSerializer.SerializeToElement(new { task_id = Id, lease_token = token }));
}
