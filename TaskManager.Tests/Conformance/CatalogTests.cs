using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary><c>GET /task-types</c> and <c>GET /tasks/stats</c>.</summary>
public sealed class CatalogTests(ConformanceHost host) : WireTest(host)
{
    private static readonly string[] States = ["scheduled", "blocked", "queued", "processing", "paused", "completed", "failed", "timed_out", "cancelled"];

    [Fact]
    public async Task TaskTypes_List_HoldsEachAsItIsShownAlone()
    {
        JsonElement listed = Assert.Single((await Wire.GetAsync("/task-types")).Is(200).Member("items").EnumerateArray(), type => type.GetProperty("task_type").GetString() == TaskType);

        Assert.True(JsonElement.DeepEquals((await Wire.GetAsync($"/task-types/{TaskType}")).Is(200).Json, listed), listed.GetRawText());
    }

    [Fact]
    public async Task TaskType_ThatWorkersRun_SaysSo()
    {
        HttpAnswer type = (await Wire.GetAsync($"/task-types/{TaskType}")).Is(200);

        Assert.Equal(
            ["task_type", "description", "parameters_schema", "result_schema", "example", "timeout_seconds", "max_attempts", "max_concurrency", "rate", "runs_on"], Members(type.Json));
        Assert.Equal((TaskType, "workers"), (type.Member("task_type").GetString(), type.Member("runs_on").GetString()));
    }

    [Fact]
    public async Task TaskType_Unknown_Is404() => (await Wire.GetAsync($"/task-types/{NewKey()}")).IsProblem(404, "task-type-not-found");

    [Fact]
    public async Task Stats_OfATypeThatNobodyElseUses_CountEveryState()
    {
        Dictionary<string, long> before = await CountsAsync();
        WireWorker worker = await StartWorkerAsync();
        await CompletedAsync(worker);
        await CompletedAsync(worker);
        await FailedAsync(worker);
        await BeginAsync(worker);
        string parent = await SubmitAsync();
        await SubmitAsync($"\"depends_on\":[\"{parent}\"]");
        await SubmitAsync("\"delay_seconds\":3600");
        (await Wire.PostAsync($"/tasks/{await SubmitAsync()}/pause")).Is(200);
        (await Wire.PostAsync($"/tasks/{await SubmitAsync()}/cancel")).Is(200);

        Dictionary<string, long> after = await CountsAsync();

        Assert.Equal(States, after.Keys);
        Assert.Equal([1, 1, 1, 1, 1, 2, 1, 0, 1], States.Select(state => after[state] - before.GetValueOrDefault(state)));
    }

    [Fact]
    public async Task Stats_HaveEveryStateAndEveryMember()
    {
        HttpAnswer stats = (await Wire.GetAsync("/tasks/stats")).Is(200);

        Assert.Equal(States, Members(stats.Member("states")));
        Assert.Empty(((string[])["states", "types", "accepted", "removed", "throughput_per_second", "success_rate", "wait_seconds", "run_seconds", "pool", "lease_expirations", "late_reports", "bounds"])
            .Except(Members(stats.Json)));
        foreach (string name in (string[])["wait_seconds", "run_seconds"])
        {
            Assert.Equal(["p50", "p95", "p99"], Members(stats.Member(name)));
        }

        JsonElement queue = stats.Member("bounds").GetProperty("queue");
        Assert.InRange(queue.GetProperty("used").GetInt64(), 0, queue.GetProperty("max").GetInt64());
    }

    [Fact]
    public async Task Stats_AcceptedAndRemoved_NeverFall()
    {
        HttpAnswer before = await Wire.GetAsync("/tasks/stats");
        (await Wire.DeleteAsync($"/tasks/{await SubmitAsync()}?purge=true")).Is(204);

        HttpAnswer after = (await Wire.GetAsync("/tasks/stats")).Is(200);

        Assert.True(after.Member("accepted").GetInt64() > before.Member("accepted").GetInt64());
        Assert.True(after.Member("removed").GetInt64() > before.Member("removed").GetInt64());
    }

    [Fact]
    public async Task Stats_LateReports_AreCounted()
    {
        long before = (await Wire.GetAsync("/tasks/stats")).Member("late_reports").GetInt64();
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);
        (await worker.ReportAsync(claimed, "release")).Is(200);
        (await worker.ReportAsync(claimed, "complete", ",\"result\":1")).IsProblem(409, "lease-lost");

        Assert.True((await Wire.GetAsync("/tasks/stats")).Member("late_reports").GetInt64() > before);
        Assert.Equal(1, (await TaskAsync(claimed.Id)).Member("attempts")[0].GetProperty("late_report_count").GetInt32());
    }

    private async Task<Dictionary<string, long>> CountsAsync()
    {
        JsonElement types = (await Wire.GetAsync("/tasks/stats")).Is(200).Member("types");
        return types.TryGetProperty(TaskType, out JsonElement counts)
            ? counts.EnumerateObject().ToDictionary(state => state.Name, state => state.Value.GetInt64(), StringComparer.Ordinal)
            : [];
    }
}
