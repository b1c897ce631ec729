using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Api;

[Trait("Proof", "http")]
[Collection(RealProcesses.Name)]
public sealed class HostProcessDrainTests
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Terminate_WithTasksRunningAndQueued_DrainsAndCountsWhatIsLost()
    {
        await using HostProcess host = await HostProcess.StartAsync($"--TaskManager:DrainTimeout={DrainTimeout}");
        var ids = new List<string>();
        for (int i = 0; i < 25; i++)
        {
            ids.Add(await host.SubmitAsync(3600));
        }

        await host.UntilStatusAsync(ids[4], "processing");
        await host.PostAsync("/tasks", """{"task_type":"compute_sum","parameters":{"numbers":[1]},"delay_seconds":3600}""");
        Task<HttpAnswer> poll = host.GetAsync($"/tasks/{ids[24]}?wait=true&timeout=60");
        Task<HttpAnswer> running = host.GetAsync($"/tasks/{ids[0]}?wait=true&timeout=60");
        await Patience.UntilAsync(async () => await host.WaitersAsync() == 2);

        long asked = TimeProvider.System.GetTimestamp();
        await host.TerminateAsync();
        Assert.Equal("queued", (await poll).Is(200).TaskStatus);
        Assert.Equal("processing", (await running).Is(200).TaskStatus);
        HttpAnswer[] answers = await Task.WhenAll(host.GetAsync("/ready"), host.PostAsync("/tasks", HostProcess.Sum(0)), host.GetAsync("/health"), host.GetAsync($"/tasks/{ids[0]}"));
        answers[0].IsProblem(503, "stopping");
        answers[1].IsProblem(503, "stopping");
        answers[2].Is(200);
        answers[3].Is(200);

        Assert.Equal(0, await host.ExitAsync());
        TimeSpan took = TimeProvider.System.GetElapsedTime(asked);
        Assert.True(took < DrainTimeout + TimeSpan.FromSeconds(5), $"The drain took {took}.");
        Assert.EndsWith("Task manager stopped; lost: 5 processing, 20 queued, 1 scheduled, 0 blocked, 0 paused", LastWords(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_TaskInAWorkersHands_IsWaitedFor()
    {
        await using HostProcess host = await HostProcess.StartAsync("--TaskManager:DrainTimeout=00:00:30");
        HttpWorker worker = await HttpWorker.RegisterAsync(host, "worker-1-busy", "held");
        (await host.PostAsync("/tasks", """{"task_type":"held"}""")).Is(202);
        WorkerApp.Claimed task = Assert.Single(await worker.ClaimAsync(max: 1));
        Task<HttpAnswer> hanging = worker.BeatAsync(task);
        await Patience.UntilAsync(async () => await host.WaitersAsync() == 1);
        await host.TerminateAsync();
        Assert.Equal("quiet", (await hanging).Is(200).Member("worker").GetString());
        (await host.PostAsync($"/workers/{worker.Id}/claim", "{}")).IsProblem(503, "stopping");
        Assert.Equal("completed", (await worker.CompleteAsync(task)).Is(200).TaskStatus);
        Assert.Equal(0, await host.ExitAsync());
        Assert.EndsWith("lost: 0 processing, 0 queued, 0 scheduled, 0 blocked, 0 paused", LastWords(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_WorkerThatDoesNotEnd_IsToldToStop()
    {
        await using HostProcess host = await HostProcess.StartAsync("--TaskManager:DrainTimeout=00:00:00.5");
        HttpWorker worker = await HttpWorker.RegisterAsync(host, "worker-1-busy", "held");
        (await host.PostAsync("/tasks", """{"task_type":"held"}""")).Is(202);
        WorkerApp.Claimed task = Assert.Single(await worker.ClaimAsync(max: 1));
        await host.TerminateAsync();
        HttpAnswer told;
        do
        {
            told = (await worker.BeatAsync(task)).Is(200);
        }
        while (told.Member("worker").GetString() != "terminate");

        Assert.Equal("cancel", WorkerApp.Directive(told));
        (await worker.ReportAsync(task, "release")).Is(200);
        Assert.Equal(0, await host.ExitAsync());
        Assert.EndsWith("lost: 0 processing, 1 queued, 0 scheduled, 0 blocked, 0 paused", LastWords(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_WithNothingToDo_EndsAtOnceAndLosesNothing()
    {
        await using HostProcess host = await HostProcess.StartAsync();
        (await host.GetAsync("/ready")).Is(200);
        await host.TerminateAsync();
        Assert.Equal(0, await host.ExitAsync());
        Assert.EndsWith("Task manager stopped; lost: 0 processing, 0 queued, 0 scheduled, 0 blocked, 0 paused", LastWords(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_RunningTaskEndsInTime_IsNotLost()
    {
        await using HostProcess host = await HostProcess.StartAsync("--TaskManager:DrainTimeout=00:00:30");
        string id = await host.SubmitAsync(2);
        await host.UntilStatusAsync(id, "processing");
        await host.TerminateAsync();
        Assert.Equal(0, await host.ExitAsync());
        Assert.EndsWith("lost: 0 processing, 0 queued, 0 scheduled, 0 blocked, 0 paused", LastWords(host), StringComparison.Ordinal);
    }

    // The host says that it shuts down on another thread, and maybe a moment later.
    private static string LastWords(HostProcess host) => host.Lines.Last(line => !line.Contains("Application is shutting down", StringComparison.Ordinal));
}
