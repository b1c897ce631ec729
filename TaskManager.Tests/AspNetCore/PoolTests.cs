namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class PoolTests
{
    [Fact]
    public async Task Status_Always_TellsHowThePoolStands()
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        await app.SubmitRunningAsync();
        await app.SubmitAsync(WorkerApp.Type);
        HttpAnswer pool = (await app.GetAsync("/workers/internal/status")).Is(200);
        Assert.Equal("""{"running":true,"slots":5,"busy":1,"suspended":0,"abandoned":0,"queued":0}""", pool.Text);
    }

    [Fact]
    public async Task StopThenStart_QueuedTasksWaitMeanwhile()
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        string running = await app.SubmitRunningAsync();
        Assert.False((await app.PostAsync("/workers/internal/stop")).Is(200).Member("running").GetBoolean());
        string waiting = await app.SubmitAsync("add", """{"a":1,"b":2}""");
        HttpAnswer task = (await app.GetAsync($"/tasks/{waiting}")).Is(200);
        Assert.Equal(("queued", "pool_stopped"), (task.TaskStatus, task.Member("waiting_for").GetProperty("reason").GetString()));
        Assert.Equal("processing", (await app.GetAsync($"/tasks/{running}")).TaskStatus);
        Assert.True((await app.PostAsync("/workers/internal/start")).Is(200).Member("running").GetBoolean());
        await app.UntilAsync(waiting, TaskState.Completed);
    }

    [Fact]
    public async Task Scale_DownToNoneAndUpAgain_CutsNothingShort()
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        string running = await app.SubmitRunningAsync();
        Assert.Equal(0, (await app.PostAsync("/workers/internal/scale", """{"count":0}""")).Is(200).Member("slots").GetInt32());
        string waiting = await app.SubmitAsync("add", """{"a":1,"b":2}""");
        app.Handlers.Release();
        await app.UntilAsync(running, TaskState.Completed);
        Assert.Equal("queued", (await app.GetAsync($"/tasks/{waiting}")).TaskStatus);
        Assert.Equal(50, (await app.PostAsync("/workers/internal/scale", """{"count":50}""")).Is(200).Member("slots").GetInt32());
        await app.UntilAsync(waiting, TaskState.Completed);
    }
}
