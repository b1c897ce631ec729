using TaskManager.Tests.Api;

namespace TaskManager.Tests.Samples;

/// <summary>Leases so long that the heartbeat interval is longer than a call may hang.</summary>
[Collection(RealProcesses.Name)]
public sealed class LongLeaseTests
{
    [Theory]
    [Trait("Needs", "python3")]
    [Trait("Needs", "node")]
    [InlineData("python3", "worker.py", """{"task_type":"word_count","parameters":{"text":"a","seconds":3600}}""")]
    [InlineData("node", "worker.mjs", """{"task_type":"primes","parameters":{"below":10,"seconds":3600}}""")]
    public async Task Cancel_OfATaskOfASampleWorker_ReachesIt(string program, string script, string submission)
    {
        await using HostProcess host = await HostProcess.StartAsync("--TaskManager:LeaseDuration=00:05:00");
        await using WorkerProcess worker = await WorkerProcess.StartAsync(host, program, script, "worker-1-sample", slots: 1);
        string id = (await host.PostAsync("/tasks", submission)).Is(202).Id;
        await AspNetCore.Patience.UntilAsync(async () => (await host.GetAsync($"/tasks/{id}")).Is(200).TaskStatus == "processing");
        Assert.InRange((await host.PostAsync($"/tasks/{id}/cancel")).Status, 200, 202);
        await AspNetCore.Patience.UntilAsync(async () => (await host.GetAsync($"/tasks/{id}")).Is(200).TaskStatus == "cancelled");
        Assert.Equal(0, await worker.EndAsync());
    }
}
