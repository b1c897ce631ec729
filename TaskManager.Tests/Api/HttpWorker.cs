using System.Globalization;
using TaskManager.Tests.AspNetCore;
using static TaskManager.Tests.AspNetCore.WorkerApp;

namespace TaskManager.Tests.Api;

/// <summary>A worker that a test plays itself, call by call, against a host in a process of its own.</summary>
internal sealed class HttpWorker(HostProcess host, string id)
{
    public string Id => id;

    public static async Task<HttpWorker> RegisterAsync(HostProcess host, string id, params string[] types)
    {
        string names = string.Join(',', types.Select(type => $"\"{type}\""));
        (await host.PostAsync("/workers/register", $$"""{"worker_id":"{{id}}","incarnation":"only","task_types":[{{names}}]}""")).Is(201);
        return new HttpWorker(host, id);
    }

    public async Task<IReadOnlyList<Claimed>> ClaimAsync(int max, double wait = 0) => ReadClaimed((await host.PostAsync(
        $"/workers/{id}/claim", string.Create(CultureInfo.InvariantCulture, $$"""{"incarnation":"only","max":{{max}},"wait_seconds":{{wait}}}"""))).Is(200));

    /// <summary>Sends a heartbeat for one task, which hangs until something new is asked, or for a third of the lease.</summary>
    /// <returns>What is asked of the task.</returns>
    public async Task<string> HeartbeatAsync(Claimed task, bool isPaused = false, bool hangs = true) => Directive(await BeatAsync(task, isPaused, hangs));

    public Task<HttpAnswer> BeatAsync(Claimed task, bool isPaused = false, bool hangs = true)
    {
        string lease = $$"""{"task_id":"{{task.Id}}","lease_token":"{{task.Token}}","paused":{{(isPaused ? "true" : "false")}}}""";
        return host.PostAsync($"/workers/{id}/heartbeat", $$"""{"incarnation":"only","leases":[{{lease}}],"wait_seconds":{{(hangs ? 30 : 0)}}}""");
    }

    public Task<HttpAnswer> ReportAsync(Claimed task, string verb, string more = "") => host.PostAsync($"/tasks/{task.Id}/{verb}", $$"""{"lease_token":"{{task.Token}}"{{more}}}""");

    public Task<HttpAnswer> CompleteAsync(Claimed task, string result = "null") => ReportAsync(task, "complete", $""","result":{result}""");
}
