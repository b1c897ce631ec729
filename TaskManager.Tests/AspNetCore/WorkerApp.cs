using System.Text.Json;
using TaskManager.AspNetCore;

namespace TaskManager.Tests.AspNetCore;

/// <summary>An application with the workers' protocol mapped, a type that workers run, and one registered worker.</summary>
internal static class WorkerApp
{
    public const string Worker = "worker-1-cpu";
    public const string Type = "resize";

    public static async Task<HttpApp> StartAsync(HttpAppSetup? setup = null)
    {
        HttpApp app = await HttpApp.StartAsync((setup ?? new HttpAppSetup()) with
        {
            Map = host =>
            {
                host.MapTaskManager();
                host.MapTaskManagerWorkers();
                host.MapTaskManagerPool();
            },
        });
        await RegisterAsync(app);
        return app;
    }

    public static async Task<HttpAnswer> RegisterAsync(HttpApp app, string worker = Worker, string incarnation = "first", string types = "\"resize\"") =>
        await app.PostAsync("/workers/register", $$"""{"worker_id":"{{worker}}","incarnation":"{{incarnation}}","task_types":[{{types}}],"slots":4,"labels":{"zone":"a"} }""");

    public static Task<HttpAnswer> ClaimAsync(HttpApp app, int max = 1, double wait = 0, string worker = Worker) =>
        app.PostAsync($"/workers/{worker}/claim", $$"""{"wait_seconds":{{wait}},"max":{{max}} }""");

    /// <summary>Submits a task and claims it.</summary>
    public static async Task<Claimed> StartTaskAsync(HttpApp app)
    {
        await app.SubmitAsync(Type, """{"width":3}""");
        return Assert.Single(ReadClaimed((await ClaimAsync(app)).Is(200)));
    }

    public static IReadOnlyList<Claimed> ReadClaimed(HttpAnswer answer) =>
        [.. answer.Member("tasks").EnumerateArray().Select(task => new Claimed(task.GetProperty("task_id").GetString()!, task.GetProperty("lease_token").GetString()!, task))];

    public static Task<HttpAnswer> HeartbeatAsync(HttpApp app, Claimed task, double wait = 0, string more = "") => app.PostAsync(
        $"/workers/{Worker}/heartbeat", $$"""{"wait_seconds":{{wait}},"leases":[{"task_id":"{{task.Id}}","lease_token":"{{task.Token}}"{{more}}}]}""");

    public static string Directive(HttpAnswer answer) => Assert.Single(answer.Is(200).Member("tasks").EnumerateArray()).GetProperty("directive").GetString()!;

    public static Task<HttpAnswer> ReportAsync(HttpApp app, Claimed task, string verb, string more = "") =>
        app.PostAsync($"/tasks/{task.Id}/{verb}", $$"""{"lease_token":"{{task.Token}}"{{more}}}""");

    internal sealed record Claimed(string Id, string Token, JsonElement Json);
}
