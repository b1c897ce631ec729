using System.Text.Json;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class RetryTests
{
    [Fact]
    public async Task Retry_FailedTask_BeginsANewLife()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitToEndAsync("flaky", """{"failures":1}""", "\"max_attempts\":1");
        HttpAnswer retried = (await app.PostAsync($"/tasks/{id}/retry")).Is(200);
        Assert.False(retried.Member("done").GetBoolean());
        Assert.Equal(JsonValueKind.Null, retried.Member("error").ValueKind);
        Assert.Equal(JsonValueKind.Null, retried.Member("finished_at").ValueKind);
        Assert.Equal(0, retried.Member("failures").GetInt32());
        await app.UntilAsync(id, TaskState.Completed);
        HttpAnswer ended = await app.GetAsync($"/tasks/{id}");
        Assert.Equal("""{"value":2}""", ended.Member("result").GetRawText());
        Assert.Equal(["failed", "completed"], ended.Member("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("outcome").GetString()!));
    }

    [Fact]
    public async Task Retry_CancelledTask_IsPlacedAndRepeats()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 0 });
        string id = await app.SubmitAsync("gate");
        (await app.DeleteAsync($"/tasks/{id}")).Is(200);
        for (int i = 0; i < 2; i++)
        {
            HttpAnswer retried = (await app.PostAsync($"/tasks/{id}/retry")).Is(200);
            Assert.Equal("queued", retried.TaskStatus);
            Assert.Equal(3, retried.Member("version").GetInt32());
        }
    }

    [Fact]
    public async Task Retry_CompletedOrUnendedTask_Is409()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 1 });
        string completed = await app.SubmitToEndAsync("echo");
        string running = await app.SubmitRunningAsync();
        string queued = await app.SubmitAsync("gate");
        CancelTests.IsRefused(await app.PostAsync($"/tasks/{completed}/retry"), "completed");
        CancelTests.IsRefused(await app.PostAsync($"/tasks/{running}/retry"), "processing");
        CancelTests.IsRefused(await app.PostAsync($"/tasks/{queued}/retry"), "queued");
    }

    [Fact]
    public async Task Retry_ParentHasNotCompleted_Is409()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string parent = await app.SubmitToEndAsync("fail");
        string child = await app.SubmitAsync("gate", "{}", $"\"depends_on\":[\"{parent}\"]");
        CancelTests.IsRefused(await app.PostAsync($"/tasks/{child}/retry"), "cancelled", "parent-not-completed");
    }

    [Fact]
    public async Task Retry_UniqueKeyIsTaken_Is409()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 0 });
        string first = await app.SubmitAsync("gate", "{}", "\"unique_key\":\"u\"");
        (await app.DeleteAsync($"/tasks/{first}")).Is(200);
        await app.SubmitAsync("gate", "{}", "\"unique_key\":\"u\"");
        CancelTests.IsRefused(await app.PostAsync($"/tasks/{first}/retry"), "cancelled", "unique-key-taken");
    }

    [Fact]
    public async Task Retry_QueueIsFull_Is503()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => (options.MaxConcurrency, options.QueueCapacity) = (0, 1) });
        string first = await app.SubmitAsync("gate");
        (await app.DeleteAsync($"/tasks/{first}")).Is(200);
        await app.SubmitAsync("gate");
        HttpAnswer refused = await app.PostAsync($"/tasks/{first}/retry");
        refused.IsProblem(503, "queue-full");
        Assert.True(refused.RetryAfter > 0);
        Assert.Equal("cancelled", (await app.GetAsync($"/tasks/{first}")).TaskStatus);
    }

    [Fact]
    public async Task Retry_UnknownOrPurgedTask_Is404Or410()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.PostAsync("/tasks/01980000-0000-7000-8000-000000000000/retry")).IsProblem(404, "task-not-found");
        string purged = await app.SubmitToEndAsync("fail");
        (await app.DeleteAsync($"/tasks/{purged}?purge=true")).Is(204);
        (await app.PostAsync($"/tasks/{purged}/retry")).IsProblem(410, "task-removed");
    }
}
