using System.Globalization;
using System.Text.Json.Nodes;
using TaskManager.Tests.AspNetCore;
using static TaskManager.Tests.AspNetCore.WorkerApp;

namespace TaskManager.Tests.Api;

/// <summary>Garbage to every route of workers and of the pool, byte by byte to the real host.</summary>
[Trait("Proof", "http")]
[Collection(RealProcesses.Name)]
public sealed class HostProcessHostileTests(ITestOutputHelper output)
{
    [Fact]
    public async Task EveryHostileRequest_IsRefusedAndChangesNothing()
    {
        await using HostProcess host = await HostProcess.StartAsync("--TaskManager:LeaseDuration=01:00:00");
        HttpWorker worker = await HttpWorker.RegisterAsync(host, HostileWorkerRequests.Worker, "held");
        Claimed[] tasks = [await StartAsync(host, worker), await StartAsync(host, worker)];
        (await worker.CompleteAsync(tasks[1])).Is(200);
        string before = await StateAsync(host, tasks);
        HostileRequest[] requests = [.. HostileWorkerRequests.All];
        foreach (HostileRequest request in requests)
        {
            HttpAnswer answer = await RawHttp.SendAsync(host.Client.BaseAddress!, request.Method, Fill(request.Path, tasks), request.MediaType, request.Body is null ? null : JsonBodies.OfNameOrText(Fill(request.Body, tasks)));
            Assert.True(answer.Status is >= 400 and < 500, $"{request.Method} {request.Path} {request.Body} was answered {answer.Status}: {answer.Text}");
            bool isTheServersOwn = answer.Header("X-Content-Type-Options") is null; // refused before any code of ours, without a body
            Assert.True(isTheServersOwn ? answer.Text.Length == 0 : answer.ContentType == "application/problem+json", $"{request} was answered {answer.Text}.");
        }

        Assert.Equal(before, await StateAsync(host, tasks));
        Assert.Empty(await worker.ClaimAsync(max: 5));
        (await worker.CompleteAsync(tasks[0])).Is(200);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{requests.Length} requests were refused."));
        Assert.InRange(requests.Length, 700, 2_000);
    }

    private static async Task<Claimed> StartAsync(HostProcess host, HttpWorker worker)
    {
        (await host.PostAsync("/tasks", """{"task_type":"held"}""")).Is(202);
        return Assert.Single(await worker.ClaimAsync(max: 1));
    }

    private static string Fill(string text, Claimed[] tasks) => text.Replace("{id}", tasks[0].Id, StringComparison.Ordinal).Replace("{ended}", tasks[1].Id, StringComparison.Ordinal);

    /// <summary>All that anybody can see, but for what the time alone changes.</summary>
    private static async Task<string> StateAsync(HostProcess host, Claimed[] tasks)
    {
        JsonNode state = new JsonObject();
        foreach (string path in (string[])["/workers", "/workers/internal/status", "/task-types", "/tasks/stats", .. tasks.Select(task => $"/tasks/{task.Id}"), .. tasks.Select(task => $"/tasks/{task.Id}/logs")])
        {
            state[path] = JsonNode.Parse((await host.GetAsync(path)).Is(200).Text);
        }

        foreach (JsonNode? worker in state["/workers"]!["items"]!.AsArray())
        {
            worker!.AsObject().Remove("seen_at"); // a call that is refused is a sign of life too
        }

        state[$"/tasks/{tasks[0].Id}"]!.AsObject().Remove("run_seconds");
        state["/tasks/stats"]!.AsObject().Remove("throughput_per_second");
        state["/tasks/stats"]!.AsObject().Remove("late_reports"); // counted, as the evidence that somebody tried
        return state.ToJsonString();
    }
}
