using System.Globalization;
using TaskManager.Tests.AspNetCore;
using static TaskManager.Tests.AspNetCore.WorkerApp;

namespace TaskManager.Tests.Api;

/// <summary>A host whose slots are all taken by handlers that block their threads: everything else goes on.</summary>
[Trait("Proof", "http")]
[Collection(RealProcesses.Name)]
public sealed class HostProcessBlockedTests(ITestOutputHelper output)
{
    private const string Block = """{"task_type":"misbehave","parameters":{"how":"block_thread","seconds":3600}}""";

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);

    [Theory]
    [InlineData(5)] // as many as the host was started with
    [InlineData(150)] // more than it has threads in reserve for at the start
    public async Task Slots_AllBlocked_HeartbeatsHoldLeasesAndSilentOnesRunOut(int slots)
    {
        await using HostProcess host = await HostProcess.StartAsync("--SampleTasks:Misbehaving=true", $"--TaskManager:LeaseDuration={Lease}");
        HttpWorker worker = await HttpWorker.RegisterAsync(host, "worker-1-alive", "held", "silent");
        (await host.PostAsync("/tasks", """{"task_type":"held"}""")).Is(202);
        Claimed held = Assert.Single(await worker.ClaimAsync(max: 1));
        using var enough = new CancellationTokenSource();
        Task<TimeSpan> beating = BeatAsync(worker, held, enough.Token);

        (await host.PostAsync("/workers/internal/scale", $$"""{"count":{{slots}}}""")).Is(200);
        (await host.PostAsync("/tasks/batch", $"[{string.Join(',', Enumerable.Repeat(Block, slots))}]")).Is(200);
        await AspNetCore.Patience.UntilAsync(async () => (await host.GetAsync("/workers/internal/status")).Is(200).Member("busy").GetInt32() == slots);
        string silent = (await host.PostAsync("/tasks", """{"task_type":"silent"}""")).Is(202).Id;
        Claimed lost = Assert.Single(await worker.ClaimAsync(max: 1));
        Assert.Equal(silent, lost.Id);
        long started = TimeProvider.System.GetTimestamp();
        Claimed again = Assert.Single(await worker.ClaimAsync(max: 1, wait: 30)); // as soon as its lease has run out
        TimeSpan ranOut = TimeProvider.System.GetElapsedTime(started);
        Assert.Equal((silent, 2), (again.Id, again.Json.GetProperty("attempt").GetInt32()));
        (await worker.CompleteAsync(lost, "1")).IsProblem(409, "lease-lost");
        (await worker.CompleteAsync(again, "2")).Is(200);
        HttpAnswer ended = (await host.GetAsync($"/tasks/{silent}")).Is(200);
        Assert.Equal((2, 1, "complete"), (
            ended.Member("result").GetInt32(),
            ended.Member("attempts")[0].GetProperty("late_report_count").GetInt32(),
            ended.Member("attempts")[0].GetProperty("late_reports")[0].GetProperty("report").GetString()));

        await enough.CancelAsync();
        TimeSpan longest = await beating.WithPatienceAsync();
        (await worker.CompleteAsync(held)).Is(200);
        Assert.Equal(slots, (await host.GetAsync("/workers/internal/status")).Is(200).Member("busy").GetInt32());
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{slots} slots blocked: a heartbeat took {longest.TotalMilliseconds:F1} ms at most; a silent lease of {Lease.TotalSeconds} s ran out after {ranOut.TotalSeconds:F2} s."));
    }

    /// <summary>Says again and again that the task is in hand.</summary>
    /// <returns>How long the slowest heartbeat took that did not hang.</returns>
    private static async Task<TimeSpan> BeatAsync(HttpWorker worker, Claimed task, CancellationToken enough)
    {
        var longest = TimeSpan.Zero;
        while (!enough.IsCancellationRequested)
        {
            long asked = TimeProvider.System.GetTimestamp();
            Assert.Equal("continue", await worker.HeartbeatAsync(task, hangs: false));
            TimeSpan took = TimeProvider.System.GetElapsedTime(asked);
            longest = took > longest ? took : longest;
            Assert.Equal("continue", await worker.HeartbeatAsync(task));
        }

        return longest;
    }
}
