using System.Text.Json;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class StatusAndResultTests
{
    [Fact]
    public async Task Status_IsTheSmallForm()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync("steps");
        app.Handlers.Step();
        await app.Handlers.SteppedAsync();
        HttpAnswer answer = (await app.GetAsync($"/tasks/{id}/status")).Is(200);
        Assert.Equal(
            ["task_id", "task_type", "status", "done", "version", "attempt", "progress", "waiting_for", "created_at", "started_at", "finished_at", "wait_seconds", "run_seconds"],
            answer.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(id, answer.Id);
        Assert.Equal("processing", answer.TaskStatus);
        Assert.Equal(1, answer.Member("progress").GetProperty("step").GetInt32());
        Assert.Equal("1", answer.Header("Retry-After"));
        Assert.Equal("private, no-cache", answer.Header("Cache-Control"));
    }

    [Fact]
    public async Task Status_QueuedTask_SaysWhatItWaitsFor()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 0 });
        string id = await app.SubmitAsync("gate");
        Assert.NotEqual(JsonValueKind.Null, (await app.GetAsync($"/tasks/{id}/status")).Is(200).Member("waiting_for").ValueKind);
    }

    [Fact]
    public async Task Result_NotDone_Is202WithWhenToLook()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        HttpAnswer answer = (await app.GetAsync($"/tasks/{id}/result")).Is(202);
        Assert.Equal("processing", answer.TaskStatus);
        Assert.Equal(JsonValueKind.Null, answer.Member("result").ValueKind);
        Assert.Equal("1", answer.Header("Retry-After"));
    }

    [Fact]
    public async Task Result_Done_Is200WithTheOutcome()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitToEndAsync("add", """{"a":1,"b":2}""");
        HttpAnswer answer = (await app.GetAsync($"/tasks/{id}/result")).Is(200);
        Assert.Equal(["task_id", "status", "result", "error", "wait_seconds", "run_seconds"], answer.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal("completed", answer.TaskStatus);
        Assert.Equal("""{"value":3}""", answer.Member("result").GetRawText());
        Assert.Null(answer.Header("Retry-After"));
    }

    [Fact]
    public async Task Result_FailedTask_Is200WithTheError()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitToEndAsync("fail");
        HttpAnswer answer = (await app.GetAsync($"/tasks/{id}/result")).Is(200);
        Assert.Equal("failed", answer.TaskStatus);
        Assert.Equal(JsonValueKind.Null, answer.Member("result").ValueKind);
        Assert.Equal("handler_failed", answer.Member("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task SubResources_OfAPurgedTask_AreGone()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitToEndAsync("echo");
        (await app.DeleteAsync($"/tasks/{id}?purge=true")).Is(204);
        foreach (string path in (string[])[string.Empty, "/status", "/result", "?wait=true"])
        {
            (await app.GetAsync($"/tasks/{id}{path}")).IsProblem(410, "task-removed");
        }
    }
}
