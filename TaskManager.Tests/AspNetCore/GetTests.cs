using System.Text.Json;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class GetTests
{
    private static readonly string[] Members =
    [
        "task_id", "task_type", "status", "done", "version", "attempt", "failures", "rescues", "max_attempts", "priority", "parameters", "result", "error", "progress",
        "cancel_requested", "pause_requested", "waiting_for", "depends_on", "tags", "fairness_key", "unique_key", "created_at", "run_at", "started_at", "finished_at",
        "wait_seconds", "run_seconds", "worker", "attempts",
    ];

    [Fact]
    public async Task Get_CompletedTask_ShowsAllOfIt()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitToEndAsync("add", """{"a":1,"b":2}""");
        HttpAnswer answer = (await app.GetAsync($"/tasks/{id}")).Is(200);
        Assert.Equal(Members, answer.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal("completed", answer.TaskStatus);
        Assert.True(answer.Member("done").GetBoolean());
        Assert.Equal("add", answer.Member("task_type").GetString());
        Assert.Equal("""{"a":1,"b":2}""", answer.Member("parameters").GetRawText());
        Assert.Equal("""{"value":3}""", answer.Member("result").GetRawText());
        Assert.Equal(JsonValueKind.Null, answer.Member("error").ValueKind);
        Assert.Equal(JsonValueKind.Null, answer.Member("waiting_for").ValueKind);
        Assert.Equal(3, answer.Member("version").GetInt32());
        Assert.Equal("2026-01-01T00:00:00Z", answer.Member("created_at").GetString());
        Assert.Equal("2026-01-01T00:00:00Z", answer.Member("finished_at").GetString());
        JsonElement attempt = Assert.Single(answer.Member("attempts").EnumerateArray());
        Assert.Equal(["attempt", "worker", "started_at", "finished_at", "outcome", "error"], attempt.EnumerateObject().Select(member => member.Name));
        Assert.Equal("completed", attempt.GetProperty("outcome").GetString());
        Assert.Equal(answer.Member("worker").GetString(), attempt.GetProperty("worker").GetString());
        Assert.Null(answer.Header("Retry-After"));
        Assert.Equal("private, no-cache", answer.Header("Cache-Control"));
    }

    [Fact]
    public async Task Get_FailedTask_Is200AndShowsTheErrorWithoutItsStack()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitToEndAsync("fail");
        HttpAnswer answer = (await app.GetAsync($"/tasks/{id}")).Is(200);
        Assert.Equal("failed", answer.TaskStatus);
        Assert.Equal(1, answer.Member("failures").GetInt32());
        Assert.Equal("""{"code":"handler_failed","message":"The disk is full.","type":"System.InvalidOperationException"}""", answer.Member("error").GetRawText());
        Assert.Equal(answer.Member("error").GetRawText(), answer.Member("attempts")[0].GetProperty("error").GetRawText());
        Assert.Equal("failed", answer.Member("attempts")[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Get_RunningTask_ShowsItsProgressAndTimes()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync("steps");
        app.Handlers.Step();
        await app.Handlers.SteppedAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(2.5));
        HttpAnswer answer = (await app.GetAsync($"/tasks/{id}")).Is(200);
        Assert.Equal("processing", answer.TaskStatus);
        Assert.False(answer.Member("done").GetBoolean());
        Assert.Equal("""{"step":1,"total":4,"percent":25,"message":"step 1"}""", answer.Member("progress").GetRawText());
        Assert.Equal(2.5, answer.Member("run_seconds").GetDouble());
        Assert.Equal(0, answer.Member("wait_seconds").GetDouble());
        Assert.StartsWith("internal-", answer.Member("worker").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, answer.Member("attempts")[0].GetProperty("outcome").ValueKind);
        Assert.Equal(1, answer.RetryAfter);
    }

    [Fact]
    public async Task Get_TimedOutTask_SaysSo()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync("brief");
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        await app.UntilAsync(id, TaskState.TimedOut);
        HttpAnswer answer = (await app.GetAsync($"/tasks/{id}")).Is(200);
        Assert.Equal("timed_out", answer.TaskStatus);
        Assert.Equal("timed_out", answer.Member("error").GetProperty("code").GetString());
        Assert.Equal("timed_out", answer.Member("attempts")[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Get_TaskThatWaits_SaysWhatFor()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 1 });
        await app.SubmitRunningAsync();
        string queued = await app.SubmitAsync("gate");
        string held = await app.SubmitAsync("gate");
        (await app.PostAsync($"/tasks/{held}/pause")).Is(200);
        app.Clock.Advance(TimeSpan.FromSeconds(3));
        HttpAnswer answer = (await app.GetAsync($"/tasks/{queued}")).Is(200);
        Assert.Equal("""{"reason":"slot"}""", answer.Member("waiting_for").GetRawText());
        Assert.Equal(3, answer.Member("wait_seconds").GetDouble());
        Assert.Equal("""{"reason":"paused"}""", (await app.GetAsync($"/tasks/{held}")).Member("waiting_for").GetRawText());
    }

    [Fact]
    public async Task Get_BetweenAttempts_ShowsThoseThatEndedAndWhenTheNextIsDue()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitAsync("flaky", """{"failures":1}""");
        await app.UntilAsync(id, TaskState.Scheduled);
        HttpAnswer between = (await app.GetAsync($"/tasks/{id}")).Is(200);
        Assert.Equal("run_at", between.Member("waiting_for").GetProperty("reason").GetString());
        Assert.Equal(1, between.Member("failures").GetInt32());
        Assert.Equal("not_yet", between.Member("attempts")[0].GetProperty("error").GetProperty("code").GetString());

        app.Clock.Advance(TimeSpan.FromSeconds(12)); // ten seconds ± 20 %
        await app.UntilAsync(id, TaskState.Completed);
        HttpAnswer ended = (await app.GetAsync($"/tasks/{id}")).Is(200);
        Assert.Equal(["failed", "completed"], ended.Member("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("outcome").GetString()!));
        Assert.Equal(2, ended.Member("attempt").GetInt32());
    }

    [Fact]
    public async Task Get_ResultOfTheProcessThatCannotBeWritten_SaysWhy()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        TaskHandle handle = await app.Tasks.SubmitAsync("knot", new Nothing(), cancellationToken: TestContext.Current.CancellationToken);
        await app.UntilAsync(handle.Id.ToString(), TaskState.Completed);
        foreach (string path in (string[])[$"/tasks/{handle.Id}", $"/tasks/{handle.Id}/result"])
        {
            HttpAnswer answer = (await app.GetAsync(path)).Is(200);
            Assert.Equal("completed", answer.TaskStatus);
            Assert.Equal(JsonValueKind.Null, answer.Member("result").ValueKind);
            Assert.Equal("result_not_serializable", answer.Member("result_error").GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task Get_ResultOverTheWireThatCannotBeWritten_FailedItsTask()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitToEndAsync("knot");
        HttpAnswer answer = (await app.GetAsync($"/tasks/{id}")).Is(200);
        Assert.Equal("failed", answer.TaskStatus);
        Assert.Equal("result_not_serializable", answer.Member("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Get_UnknownTask_Is404()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        const string Unknown = "01980000-0000-7000-8000-000000000000";
        foreach (string path in (string[])[string.Empty, "/status", "/result"])
        {
            JsonElement problem = (await app.GetAsync($"/tasks/{Unknown}{path}")).IsProblem(404, "task-not-found");
            Assert.Equal($"/tasks/{Unknown}{path}", problem.GetProperty("instance").GetString());
            Assert.Contains(Unknown, problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Get_IdInUpperCase_IsTheSameTask()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitAsync("gate");
        Assert.Equal(id, (await app.GetAsync($"/tasks/{id.ToUpperInvariant()}")).Is(200).Id);
    }

    [Fact]
    public async Task Head_Task_IsAGetWithoutItsBodyAndNeverWaits()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        foreach (string path in (string[])[string.Empty, "?wait=true", "/status?wait=true", "/result?wait=true"])
        {
            HttpAnswer head = await app.SendAsync(HttpMethod.Head, $"/tasks/{id}{path}", content: null, ("Prefer", "wait=5"));
            HttpAnswer get = await app.GetAsync($"/tasks/{id}{path.Split('?')[0]}");
            Assert.Equal(get.Status, head.Status);
            Assert.Equal(string.Empty, head.Text);
            Assert.Equal(get.Header("Content-Length"), head.Header("Content-Length"));
            Assert.Equal(get.Header("ETag"), head.Header("ETag"));
            Assert.Null(head.Header("Preference-Applied"));
        }

        HttpAnswer missing = (await app.SendAsync(HttpMethod.Head, $"/tasks/{Guid.Empty}")).Is(404);
        Assert.Equal(string.Empty, missing.Text);
    }
}
