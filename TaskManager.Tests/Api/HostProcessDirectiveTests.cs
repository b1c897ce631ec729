using System.Globalization;
using TaskManager.Tests.AspNetCore;
using static TaskManager.Tests.AspNetCore.WorkerApp;

namespace TaskManager.Tests.Api;

/// <summary>How soon a worker that hangs in its heartbeat hears what is asked of its task.</summary>
[Trait("Proof", "http")]
[Collection(RealProcesses.Name)]
public sealed class HostProcessDirectiveTests(ITestOutputHelper output)
{
    // A heartbeat that nothing wakes is answered after a third of a lease: what comes sooner was woken.
    private static readonly TimeSpan HeartbeatInterval = new TaskManagerOptions().LeaseDuration / 3;

    [Fact]
    public async Task PauseResumeCancel_WorkerHangsInItsHeartbeat_HearsAtOnce()
    {
        await using HostProcess host = await HostProcess.StartAsync();
        HttpWorker worker = await HttpWorker.RegisterAsync(host, "worker-1-hanging", "hang");
        var latencies = new Dictionary<string, List<TimeSpan>> { ["pause"] = [], ["resume"] = [], ["cancel"] = [] };
        for (int round = 0; round < (RealProcesses.AreLong ? 500 : 40); round++)
        {
            string id = (await host.PostAsync("/tasks", """{"task_type":"hang"}""")).Is(202).Id;
            Claimed task = Assert.Single(await worker.ClaimAsync(max: 5));
            Assert.Equal(id, task.Id);
            Task<HttpAnswer> pausing = await AskAsync(host, worker, task, isPaused: false, "pause", "pause", latencies["pause"]);
            Assert.Equal("pause", await worker.HeartbeatAsync(task, isPaused: true, hangs: false));
            await AssertAcceptedAsync(pausing);
            Task<HttpAnswer> resuming = await AskAsync(host, worker, task, isPaused: true, "resume", "continue", latencies["resume"]);
            await AssertAcceptedAsync(resuming);
            Task<HttpAnswer> cancelling = await AskAsync(host, worker, task, isPaused: false, "cancel", "cancel", latencies["cancel"]);
            Assert.Equal("cancelled", (await worker.ReportAsync(task, "release")).Is(200).TaskStatus);
            await AssertAcceptedAsync(cancelling);
        }

        foreach ((string asked, List<TimeSpan> times) in latencies)
        {
            times.Sort();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{asked}: p50 {times[times.Count / 2].TotalMilliseconds:F1} ms, p95 {times[times.Count * 95 / 100].TotalMilliseconds:F1} ms, longest {times[^1].TotalMilliseconds:F1} ms"));
            Assert.All(times, time => Assert.True(time < HeartbeatInterval / 2, $"A worker heard of its {asked} after {time}."));
        }
    }

    private static async Task AssertAcceptedAsync(Task<HttpAnswer> asking)
    {
        HttpAnswer answer = await asking;
        Assert.True(answer.Status is 200 or 202, answer.Text); // 202 only if the machine is too busy for a second
    }

    /// <summary>Lets the worker hang, asks something of its task, and takes the time until the worker knows.</summary>
    /// <returns>The answer to the one who asked, which waits a moment for the worker to do as it is told.</returns>
    private static async Task<Task<HttpAnswer>> AskAsync(HostProcess host, HttpWorker worker, Claimed task, bool isPaused, string move, string directive, List<TimeSpan> latencies)
    {
        Task<string> hanging = worker.HeartbeatAsync(task, isPaused);
        await AspNetCore.Patience.UntilAsync(async () => await host.WaitersAsync() == 1);
        long started = TimeProvider.System.GetTimestamp();
        Task<HttpAnswer> asking = host.PostAsync($"/tasks/{task.Id}/{move}");
        Assert.Equal(directive, await hanging);
        latencies.Add(TimeProvider.System.GetElapsedTime(started));
        return asking;
    }
}
