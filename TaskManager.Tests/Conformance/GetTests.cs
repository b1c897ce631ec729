using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary><c>GET /tasks/{id}</c>, its tag and its small forms.</summary>
public sealed class GetTests(ConformanceHost host) : WireTest(host)
{
    private static readonly string[] SmallForms = ["", "/status", "/result"];

    [Fact]
    public async Task Get_RunningTask_ShowsItsAttemptAndProgress()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);
        (await worker.ReportAsync(claimed, "progress", ""","progress":{"step":3,"total":24,"message":"page 3"}""")).Is(200);

        HttpAnswer task = await TaskAsync(claimed.Id);

        Assert.Equal(("processing", 1, worker.Id), (task.TaskStatus, task.Member("attempt").GetInt32(), task.Member("worker").GetString()));
        Assert.Equal("""{"step":3,"total":24,"percent":12.5,"message":"page 3"}""", task.Member("progress").GetRawText());
        JsonElement attempt = Assert.Single(task.Member("attempts").EnumerateArray());
        Assert.Equal(["attempt", "worker", "started_at", "finished_at", "outcome", "error"], Members(attempt));
        Assert.Equal((1, JsonValueKind.Null), (attempt.GetProperty("attempt").GetInt32(), attempt.GetProperty("outcome").ValueKind));
        Assert.True(task.RetryAfter > 0);
        Assert.Equal("private, no-cache", task.Header("Cache-Control"));
    }

    [Fact]
    public async Task Get_CompletedTask_ShowsItsResultAndNoRetryAfter()
    {
        HttpAnswer task = await TaskAsync(await CompletedAsync(await StartWorkerAsync(), result: """{"pages":[1,2]}"""));

        Assert.Equal(("completed", true), (task.TaskStatus, task.Member("done").GetBoolean()));
        Assert.Equal("""{"pages":[1,2]}""", task.Member("result").GetRawText());
        Assert.Equal("completed", task.Member("attempts")[0].GetProperty("outcome").GetString());
        Assert.NotEqual(JsonValueKind.Null, task.Member("finished_at").ValueKind);
        Assert.Null(task.Header("Retry-After"));
    }

    [Fact]
    public async Task Get_FailedTask_Is200AndShowsTheError()
    {
        HttpAnswer task = await TaskAsync(await FailedAsync(await StartWorkerAsync()));

        Assert.Equal(("failed", JsonValueKind.Null), (task.TaskStatus, task.Member("result").ValueKind));
        Assert.Equal(["code", "message", "type"], Members(task.Member("error")));
        Assert.Equal(("out_of_luck", "No luck today."), (task.Member("error").GetProperty("code").GetString(), task.Member("error").GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Get_Tag_IsTheVersionAndTheCountOfProgress()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);
        Assert.Equal("W/\"2.0\"", (await TaskAsync(claimed.Id)).Header("ETag"));

        (await worker.ReportAsync(claimed, "progress", ""","progress":{"step":1}""")).Is(200);

        Assert.Equal("W/\"2.1\"", (await TaskAsync(claimed.Id)).Header("ETag"));
        Assert.Equal("W/\"2.1\"", (await Wire.GetAsync($"/tasks/{claimed.Id}/status")).Is(200).Header("ETag"));
    }

    [Theory]
    [InlineData("W/\"1.0\"")]
    [InlineData("\"1.0\"")]
    [InlineData("\"x\", W/\"1.0\"")]
    [InlineData("*")]
    public async Task Get_IfNoneMatchStillMatches_Is304(string known)
    {
        string id = await SubmitAsync();

        foreach (string path in SmallForms[..2])
        {
            HttpAnswer answer = (await Wire.GetAsync($"/tasks/{id}{path}", ("If-None-Match", known))).Is(304);
            Assert.Equal((string.Empty, "W/\"1.0\""), (answer.Text, answer.Header("ETag")));
        }
    }

    [Fact]
    public async Task Get_IfNoneMatchIsStale_Is200()
    {
        string id = await SubmitAsync();
        string stale = (await TaskAsync(id)).Header("ETag")!;
        (await Wire.PostAsync($"/tasks/{id}/pause")).Is(200);

        Assert.Equal("paused", (await Wire.GetAsync($"/tasks/{id}", ("If-None-Match", stale))).Is(200).TaskStatus);
    }

    [Fact]
    public async Task Head_IsAGetWithoutItsBodyAndNeverWaits()
    {
        string id = await SubmitAsync();

        foreach (string path in SmallForms)
        {
            HttpAnswer get = await Wire.GetAsync($"/tasks/{id}{path}");
            HttpAnswer head = (await Wire.SendAsync(HttpMethod.Head, $"/tasks/{id}{path}?wait=true&timeout={WireClient.Long}")).Is(get.Status);
            Assert.Equal((string.Empty, get.Header("ETag"), get.ContentType), (head.Text, head.Header("ETag"), head.ContentType));
        }
    }

    [Fact]
    public async Task Get_IdInUpperCase_IsTheSameTask()
    {
        string id = await SubmitAsync();

        Assert.Equal(id, (await TaskAsync(id.ToUpperInvariant())).Id);
    }

    [Fact]
    public async Task Status_IsTheSmallForm() => Assert.Equal(
        ["task_id", "task_type", "status", "done", "version", "attempt", "progress", "waiting_for", "created_at", "started_at", "finished_at", "wait_seconds", "run_seconds"],
        Members((await Wire.GetAsync($"/tasks/{await SubmitAsync()}/status")).Is(200).Json));

    [Fact]
    public async Task Result_NotDone_Is202WithWhenToLook()
    {
        HttpAnswer answer = (await Wire.GetAsync($"/tasks/{await SubmitAsync()}/result")).Is(202);

        Assert.Equal(("queued", JsonValueKind.Null), (answer.TaskStatus, answer.Member("result").ValueKind));
        Assert.True(answer.RetryAfter > 0);
    }

    [Fact]
    public async Task Result_Done_Is200WithTheOutcome()
    {
        WireWorker worker = await StartWorkerAsync();
        HttpAnswer completed = (await Wire.GetAsync($"/tasks/{await CompletedAsync(worker, result: "7")}/result")).Is(200);
        HttpAnswer failed = (await Wire.GetAsync($"/tasks/{await FailedAsync(worker)}/result")).Is(200);

        Assert.Equal(["task_id", "status", "result", "error", "wait_seconds", "run_seconds"], Members(completed.Json));
        Assert.Equal(("completed", "7"), (completed.TaskStatus, completed.Member("result").GetRawText()));
        Assert.Equal(("failed", "out_of_luck"), (failed.TaskStatus, failed.Member("error").GetProperty("code").GetString()));
        Assert.Null(completed.Header("Retry-After"));
    }
}
