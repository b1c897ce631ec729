using System.Text.Json;
using static TaskManager.Tests.AspNetCore.WorkerApp;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class WorkerTests
{
    [Fact]
    public async Task Register_FirstThenAgain_Is201Then200WithTheTerms()
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        HttpAnswer first = (await RegisterAsync(app, "worker-002-gpu")).Is(201);
        Assert.Equal(["worker_id", "incarnation", "task_types", "slots", "labels", "lease_seconds", "heartbeat_seconds"], first.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal((30, 10), (first.Member("lease_seconds").GetDouble(), first.Member("heartbeat_seconds").GetDouble()));
        (await RegisterAsync(app, "worker-002-gpu")).Is(200);
        (await RegisterAsync(app, "worker-002-gpu", "second")).Is(200);
        Assert.Equal(2, (await app.GetAsync("/workers")).Is(200).Member("items").GetArrayLength());
    }

    [Fact]
    public async Task Claim_SubmittedTask_GivesAllThatAWorkerNeeds()
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        Claimed claimed = await StartTaskAsync(app);
        Assert.Equal(
            ["task_id", "task_type", "attempt", "lease_token", "lease_seconds", "timeout_seconds", "parameters", "checkpoint", "traceparent"],
            claimed.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal("""{"width":3}""", claimed.Json.GetProperty("parameters").GetRawText());
        Assert.Equal((1, 30, 1800), (claimed.Json.GetProperty("attempt").GetInt32(), claimed.Json.GetProperty("lease_seconds").GetDouble(), claimed.Json.GetProperty("timeout_seconds").GetDouble()));
        HttpAnswer task = (await app.GetAsync($"/tasks/{claimed.Id}")).Is(200);
        Assert.Equal(("processing", Worker), (task.TaskStatus, task.Member("worker").GetString()));
        Assert.Equal([claimed.Id], (await app.GetAsync("/workers")).Member("items")[0].GetProperty("task_ids").EnumerateArray().Select(id => id.GetString()));
    }

    [Fact]
    public async Task LeaseToken_InNoAnswerButTheClaim()
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        Claimed claimed = await StartTaskAsync(app);
        string[] paths = [$"/tasks/{claimed.Id}", $"/tasks/{claimed.Id}/status", $"/tasks/{claimed.Id}/result", "/tasks", "/tasks/stats", "/workers", $"/tasks/{claimed.Id}/logs"];
        foreach (string path in paths)
        {
            Assert.DoesNotContain(claimed.Token, (await app.GetAsync(path)).Text, StringComparison.OrdinalIgnoreCase);
        }

        Assert.DoesNotContain(claimed.Token, (await HeartbeatAsync(app, claimed)).Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(claimed.Token, (await ReportAsync(app, claimed, "complete")).Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(claimed.Token, (await app.GetAsync($"/tasks/{claimed.Id}")).Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Complete_WithAResult_EndsTheTaskAndAnswersARepetitionAlike()
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        Claimed claimed = await StartTaskAsync(app);
        HttpAnswer first = (await ReportAsync(app, claimed, "complete", ""","result":{"bytes":9}""")).Is(200);
        HttpAnswer again = (await ReportAsync(app, claimed, "complete", ""","result":{"bytes":9}""")).Is(200);
        Assert.Equal(("completed", first.Text), (first.TaskStatus, again.Text));
        Assert.Equal("""{"bytes":9}""", (await app.GetAsync($"/tasks/{claimed.Id}/result")).Is(200).Member("result").GetRawText());
        JsonElement other = (await ReportAsync(app, claimed, "complete", ""","result":{"bytes":10}""")).IsProblem(409, "lease-lost");
        Assert.Equal("completed", other.GetProperty("current_status").GetString());
        JsonElement attempt = (await app.GetAsync($"/tasks/{claimed.Id}")).Member("attempts")[0];
        Assert.Equal((1, "complete"), (attempt.GetProperty("late_report_count").GetInt32(), attempt.GetProperty("late_reports")[0].GetProperty("report").GetString()));
    }

    [Fact]
    public async Task Fail_RetryableAndNot_IsAsTheLifecycleSays()
    {
        await using HttpApp app = await WorkerApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxAttempts = 2 });
        Claimed first = await StartTaskAsync(app);
        HttpAnswer waiting = (await ReportAsync(app, first, "fail", ""","error":{"code":"no_disk","message":"full\nup"},"retry_after_seconds":60""")).Is(200);
        Assert.Equal("scheduled", waiting.TaskStatus);
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        await app.UntilAsync(first.Id, TaskState.Queued);
        Claimed second = Assert.Single(ReadClaimed((await ClaimAsync(app)).Is(200)));
        Assert.Equal("failed", (await ReportAsync(app, second, "fail", ""","error":{"code":"no_disk","message":"again"},"retryable":false""")).Is(200).TaskStatus);
        HttpAnswer task = (await app.GetAsync($"/tasks/{first.Id}")).Is(200);
        Assert.Equal("full up", task.Member("attempts")[0].GetProperty("error").GetProperty("message").GetString());
        Assert.Equal("no_disk", task.Member("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Heartbeat_Hanging_BringsCancelPauseAndResume()
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        Claimed claimed = await StartTaskAsync(app);
        Task<HttpAnswer> hanging = await app.BeginAsync(client => HeartbeatAsync(client, claimed, wait: 10));
        Task<HttpAnswer> pause = app.PostAsync($"/tasks/{claimed.Id}/pause");
        Assert.Equal("pause", Directive(await hanging));
        Assert.Equal("pause", Directive(await HeartbeatAsync(app, claimed, more: ""","paused":true,"progress":{"step":2,"total":4,"message":"half"}""")));
        Assert.Equal("paused", (await pause).Is(200).TaskStatus);
        HttpAnswer paused = (await app.GetAsync($"/tasks/{claimed.Id}")).Is(200);
        Assert.Equal(("paused", 50), (paused.TaskStatus, paused.Member("progress").GetProperty("percent").GetDouble()));
        hanging = await app.BeginAsync(client => HeartbeatAsync(client, claimed, wait: 10, ""","paused":true"""));
        (await app.PostAsync($"/tasks/{claimed.Id}/resume")).Is(200);
        Assert.Equal("continue", Directive(await hanging));
        hanging = await app.BeginAsync(client => HeartbeatAsync(client, claimed, wait: 10));
        Task<HttpAnswer> cancel = app.PostAsync($"/tasks/{claimed.Id}/cancel");
        Assert.Equal("cancel", Directive(await hanging));
        (await ReportAsync(app, claimed, "release")).Is(200);
        Assert.Equal("cancelled", (await cancel).Is(200).TaskStatus);
    }

    [Fact]
    public async Task Release_WithACheckpoint_IsHandedToTheNextClaim()
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        Claimed claimed = await StartTaskAsync(app);
        Assert.Equal("queued", (await ReportAsync(app, claimed, "release", ""","checkpoint":{"page":4}""")).Is(200).TaskStatus);
        Claimed next = Assert.Single(ReadClaimed((await ClaimAsync(app, max: 10)).Is(200)));
        Assert.Equal("""{"page":4}""", next.Json.GetProperty("checkpoint").GetRawText());
    }

    [Fact]
    public async Task ProgressAndLogs_OfALiveLease_AreKept()
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        Claimed claimed = await StartTaskAsync(app);
        (await ReportAsync(app, claimed, "progress", ""","progress":{"step":1,"total":2,"message":"one"}""")).Is(200);
        (await ReportAsync(app, claimed, "logs", ""","entries":[{"level":"warning","message":"careful"},{"message":"fine"}]""")).Is(200);
        Assert.Equal("one", (await app.GetAsync($"/tasks/{claimed.Id}")).Member("progress").GetProperty("message").GetString());
        Assert.Equal(
            ["warning careful", "information fine"],
            (await app.GetAsync($"/tasks/{claimed.Id}/logs")).Is(200).Member("items").EnumerateArray().Select(line => $"{line.GetProperty("level").GetString()} {line.GetProperty("message").GetString()}"));
    }

    [Fact]
    public async Task Claim_Hanging_GetsATaskWhenItComesAndNoneAtTheEnd()
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        Task<HttpAnswer> claim = await app.BeginAsync(client => ClaimAsync(client, max: 5, wait: 30));
        string id = await app.SubmitAsync(WorkerApp.Type);
        Claimed claimed = Assert.Single(ReadClaimed((await claim).Is(200)));
        Assert.Equal(id, claimed.Id);
        (await ReportAsync(app, claimed, "complete")).Is(200);
        claim = await app.BeginAsync(client => ClaimAsync(client, max: 5, wait: 30));
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Empty(ReadClaimed((await claim).Is(200)));
    }

    [Fact]
    public async Task Claim_ClientGoesWhileItWaits_LeavesNothingBehind()
    {
        await using HttpApp app = await WorkerApp.StartAsync(new HttpAppSetup { OnKestrel = true });
        using var client = new HttpClient { BaseAddress = app.Address };
        using var impatience = new CancellationTokenSource();
        Task<HttpResponseMessage> claim = client.PostAsync($"/workers/{Worker}/claim", HttpApp.JsonContent("""{"max":5,"wait_seconds":30}"""), impatience.Token);
        await Patience.UntilAsync(async () => await WaitersAsync(app) == 1);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => claim);
        await Patience.UntilAsync(async () => await WaitersAsync(app) == 0);
        string id = await app.SubmitAsync(WorkerApp.Type);
        Assert.Equal("queued", (await app.GetAsync($"/tasks/{id}")).TaskStatus);
    }

    [Fact]
    public async Task RateLimit_NeverTouchesWorkers()
    {
        await using HttpApp app = await WorkerApp.StartAsync(new HttpAppSetup { RateLimit = limit => limit.PermitLimit = 1 });
        string id = await app.SubmitAsync(WorkerApp.Type);
        for (int i = 0; i < 20; i++)
        {
            Assert.Null((await ClaimAsync(app)).Is(200).Header("RateLimit"));
            (await app.PostAsync($"/workers/{Worker}/heartbeat", "{}")).Is(200);
            (await app.GetAsync("/workers/internal/status")).Is(200);
            (await app.PostAsync($"/tasks/{id}/progress", $$"""{"lease_token":"{{Guid.NewGuid()}}","progress":{"step":1} }""")).Is(409);
        }

        (await app.GetAsync($"/tasks/{id}")).Is(429);
    }

    [Fact]
    public async Task Leave_GivesBackAndForgets()
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        Claimed claimed = await StartTaskAsync(app);
        (await app.DeleteAsync($"/workers/{Worker}?incarnation=other")).IsProblem(409, "stale-incarnation");
        (await app.DeleteAsync($"/workers/{Worker}?incarnation=first")).Is(204);
        (await app.DeleteAsync($"/workers/{Worker}")).IsProblem(404, "worker-not-found");
        HttpAnswer task = (await app.GetAsync($"/tasks/{claimed.Id}")).Is(200);
        Assert.Equal(("queued", "no_worker"), (task.TaskStatus, task.Member("waiting_for").GetProperty("reason").GetString()));
    }

    private static async Task<long> WaitersAsync(HttpApp app) => (await app.Tasks.GetStatisticsAsync()).Bounds["waiters"].Used;
}
