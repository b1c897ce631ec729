using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary><c>DELETE /tasks/{id}?purge=true</c>.</summary>
public sealed class PurgeTests(ConformanceHost host) : WireTest(host)
{
    [Fact]
    public async Task Purge_WaitingTask_Is204AndIsRemembered()
    {
        string id = await SubmitAsync();

        Assert.Equal(string.Empty, (await Wire.DeleteAsync($"/tasks/{id}?purge=true")).Is(204).Text);

        foreach (string path in (string[])["", "/status", "/result", "/logs", "/events", "?wait=true"])
        {
            (await Wire.GetAsync($"/tasks/{id}{path}")).IsProblem(410, "task-removed");
        }

        (await Wire.DeleteAsync($"/tasks/{id}?purge=true")).IsProblem(410, "task-removed");
        (await Wire.PostAsync($"/tasks/{id}/cancel")).IsProblem(410, "task-removed");
    }

    [Fact]
    public async Task Purge_EndedTask_Is204AndListedNoMore()
    {
        string tag = NewKey();
        string id = await CompletedAsync(await StartWorkerAsync(), $"\"tags\":[\"{tag}\"]");
        Assert.Equal([id], Ids(await Wire.GetAsync($"/tasks?tag={tag}")));

        (await Wire.DeleteAsync($"/tasks/{id}?purge=true")).Is(204);

        Assert.Empty(Ids(await Wire.GetAsync($"/tasks?tag={tag}")));
    }

    [Fact]
    public async Task Purge_RunningTask_Is202AndGoneWhenItHasEnded()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);

        HttpAnswer answer = (await Wire.DeleteAsync($"/tasks/{claimed.Id}?purge=true")).Is(202);

        Assert.Equal(("processing", true), (answer.TaskStatus, answer.Member("cancel_requested").GetBoolean()));
        await worker.HearCancelAsync(claimed);
        Assert.Equal("processing", (await TaskAsync(claimed.Id)).TaskStatus);
        await worker.ReportAsync(claimed, "release");
        (await Wire.GetAsync($"/tasks/{claimed.Id}")).IsProblem(410, "task-removed");
    }

    [Fact]
    public async Task Purge_UnfinishedTasksDependOnIt_Is409AndItGoesOn()
    {
        string parent = await SubmitAsync();
        string child = await SubmitAsync($"\"depends_on\":[\"{parent}\"]");

        (await Wire.DeleteAsync($"/tasks/{parent}?purge=true")).IsProblem(409, "has-dependants");

        Assert.Equal("queued", (await TaskAsync(parent)).TaskStatus);
        (await Wire.DeleteAsync($"/tasks/{child}")).Is(200);
        (await Wire.DeleteAsync($"/tasks/{parent}?purge=true")).Is(204);
    }

    [Theory]
    [InlineData("purge=yes")]
    [InlineData("purge=")]
    public async Task Delete_WrongFlag_IsNamedAndChangesNothing(string query)
    {
        string id = await SubmitAsync();

        (await Wire.DeleteAsync($"/tasks/{id}?{query}")).IsInvalid("purge");

        Assert.Equal("queued", (await TaskAsync(id)).TaskStatus);
    }
}
