namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class PurgeTests
{
    [Fact]
    public async Task Purge_EndedTask_Is204AndThen410()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitToEndAsync("echo");
        HttpAnswer answer = (await app.DeleteAsync($"/tasks/{id}?purge=true")).Is(204);
        Assert.Equal(string.Empty, answer.Text);
        (await app.GetAsync($"/tasks/{id}")).IsProblem(410, "task-removed");
        (await app.DeleteAsync($"/tasks/{id}?purge=true")).IsProblem(410, "task-removed");
        (await app.DeleteAsync($"/tasks/{id}")).IsProblem(410, "task-removed");
        (await app.PostAsync($"/tasks/{id}/cancel")).IsProblem(410, "task-removed");
        (await app.SendAsync(HttpMethod.Head, $"/tasks/{id}")).Is(410);
        Assert.Empty((await app.GetAsync("/tasks")).Member("items").EnumerateArray());
        HttpAnswer stats = await app.GetAsync("/tasks/stats");
        Assert.Equal(1, stats.Member("accepted").GetInt64());
        Assert.Equal(1, stats.Member("removed").GetInt64());
    }

    [Fact]
    public async Task Purge_TaskThatWaits_Is204()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 0 });
        string id = await app.SubmitAsync("gate");
        (await app.DeleteAsync($"/tasks/{id}?purge=true")).Is(204);
        (await app.GetAsync($"/tasks/{id}")).IsProblem(410, "task-removed");
    }

    [Fact]
    public async Task Purge_RunningTask_Is202AndGoneWhenItHasEnded()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync("stubborn");
        HttpAnswer answer = (await app.DeleteAsync($"/tasks/{id}?purge=true")).Is(202);
        Assert.Equal("processing", answer.TaskStatus);
        Assert.True(answer.Member("cancel_requested").GetBoolean());
        Assert.Equal("1", answer.Header("Retry-After"));
        (await app.GetAsync($"/tasks/{id}")).Is(200);
        app.Handlers.Release();
        await Patience.UntilAsync(async () => (await app.GetAsync($"/tasks/{id}")).Status == 410);
    }

    [Fact]
    public async Task Purge_UnfinishedTasksDependOnIt_Is409UntilTheyHaveEnded()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string parent = await app.SubmitToEndAsync("echo");
        string child = await app.SubmitRunningAsync(options: $"\"depends_on\":[\"{parent}\"]");
        (await app.DeleteAsync($"/tasks/{parent}?purge=true")).IsProblem(409, "has-dependants");
        (await app.GetAsync($"/tasks/{parent}")).Is(200);
        app.Handlers.Release();
        await app.UntilAsync(child, TaskState.Completed);
        (await app.DeleteAsync($"/tasks/{parent}?purge=true")).Is(204);
    }

    [Fact]
    public async Task Purge_UnfinishedParentOfOthers_Is409AndIsNotCancelled()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string parent = await app.SubmitRunningAsync();
        await app.SubmitAsync("gate", "{}", $"\"depends_on\":[\"{parent}\"]");
        (await app.DeleteAsync($"/tasks/{parent}?purge=true")).IsProblem(409, "has-dependants");
        Assert.False((await app.GetAsync($"/tasks/{parent}")).Member("cancel_requested").GetBoolean());
    }

    [Fact]
    public async Task Purge_UnknownTask_Is404()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.DeleteAsync("/tasks/01980000-0000-7000-8000-000000000000?purge=true")).IsProblem(404, "task-not-found");
    }

    [Theory]
    [InlineData("purge=yes")]
    [InlineData("purge=")]
    [InlineData("purge=TRUE")]
    [InlineData("purge=true&purge=true")]
    public async Task Delete_WrongFlag_IsRefusedAndChangesNothing(string query)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        string before = await app.StateAsync();
        (await app.DeleteAsync($"/tasks/{id}?{query}")).IsInvalid("purge");
        (await app.DeleteAsync($"/tasks/nonsense?{query}")).IsInvalid("purge", "task_id");
        Assert.Equal(before, await app.StateAsync());
    }

    [Fact]
    public async Task Delete_PurgeIsFalse_OnlyCancels()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        Assert.Equal("cancelled", (await app.DeleteAsync($"/tasks/{id}?purge=false")).Is(200).TaskStatus);
        (await app.GetAsync($"/tasks/{id}")).Is(200);
    }

    [Fact]
    public async Task Get_TaskThatRetentionRemoved_Is404()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.Retention = TimeSpan.FromSeconds(30) });
        string id = await app.SubmitToEndAsync("echo");
        app.Clock.Advance(TimeSpan.FromSeconds(32));
        await Patience.UntilAsync(async () => (await app.GetAsync($"/tasks/{id}")).Status != 200);
        (await app.GetAsync($"/tasks/{id}")).IsProblem(404, "task-not-found");
    }
}
