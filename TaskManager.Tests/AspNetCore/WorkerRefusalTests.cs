using Microsoft.Extensions.DependencyInjection;
using static TaskManager.Tests.AspNetCore.WorkerApp;

namespace TaskManager.Tests.AspNetCore;

/// <summary>Garbage to every endpoint of workers and of the pool: problem details that name the fault, and nothing changes.</summary>
[Trait("Proof", "http")]
public sealed class WorkerRefusalTests
{
    private const string Token = "0197a6f0-0000-7000-8000-000000000000";

    [Theory]
    [InlineData("""{}""", "worker_id", "incarnation", "task_types")]
    [InlineData("""[]""", "body")]
    [InlineData("""{"worker_id":"w","incarnation":"i","task_types":["a"]}""", "worker_id")]
    [InlineData("""{"worker_id":1,"incarnation":2,"task_types":"a"}""", "worker_id", "incarnation", "task_types")]
    [InlineData("""{"worker_id":"worker-2-a","incarnation":"i","task_types":[]}""", "task_types")]
    [InlineData("""{"worker_id":"worker-2-a","incarnation":"i","task_types":["a b",7]}""", "task_types[0]", "task_types[1]")]
    [InlineData("""{"worker_id":"w","slots":0}""", "worker_id", "incarnation", "task_types", "slots")]
    [InlineData("""{"worker_id":"worker-2-a","incarnation":"i","task_types":["a"],"slots":0,"labels":{"a":1},"colour":"red"}""", "slots", "labels.a", "colour")]
    public async Task Register_Wrong_NamesTheFault(string body, params string[] fields) => await RefusedAsync("/workers/register", body, fields);

    [Theory]
    [InlineData("""{"max":0}""", "max")]
    [InlineData("""{"max":1001,"wait_seconds":31,"incarnation":5,"token":1}""", "max", "wait_seconds", "incarnation", "token")]
    [InlineData("""{"max":1.5,"wait_seconds":-1}""", "max", "wait_seconds")]
    [InlineData("""{"max":"1","wait_seconds":"1"}""", "max", "wait_seconds")]
    public async Task Claim_Wrong_NamesTheFault(string body, params string[] fields) => await RefusedAsync($"/workers/{Worker}/claim", body, fields);

    [Theory]
    [InlineData("""{"leases":{}}""", "leases")]
    [InlineData("""{"leases":[{}]}""", "leases[0].task_id", "leases[0].lease_token")]
    [InlineData("""{"leases":[7,{"task_id":"x","lease_token":7,"paused":1,"progress":[],"more":1}],"wait_seconds":-1}""",
        "leases[0]", "leases[1].task_id", "leases[1].lease_token", "leases[1].paused", "leases[1].progress", "leases[1].more", "wait_seconds")]
    [InlineData("""{"leases":[{"task_id":"0197a6f0-0000-7000-8000-000000000000","lease_token":"0197a6f0-0000-7000-8000-000000000000","progress":{"step":-1,"total":"x","message":3}}]}""",
        "leases[0].progress.step", "leases[0].progress.total", "leases[0].progress.message")]
    public async Task Heartbeat_Wrong_NamesTheFault(string body, params string[] fields) => await RefusedAsync($"/workers/{Worker}/heartbeat", body, fields);

    [Theory]
    [InlineData("complete", """{}""", "lease_token")]
    [InlineData("complete", """{"lease_token":"x","attempt":0,"error":1}""", "lease_token", "attempt", "error")]
    [InlineData("fail", """{"lease_token":"0197a6f0-0000-7000-8000-000000000000"}""", "error")]
    [InlineData("fail", """{"lease_token":"0197a6f0-0000-7000-8000-000000000000","error":{"code":"a b"},"retryable":"no","retry_after_seconds":-1}""", "error.code", "error.message", "retryable", "retry_after_seconds")]
    [InlineData("release", """{"lease_token":null,"result":1}""", "lease_token", "result")]
    [InlineData("progress", """{"lease_token":"0197a6f0-0000-7000-8000-000000000000"}""", "progress")]
    [InlineData("progress", """{"lease_token":"0197a6f0-0000-7000-8000-000000000000","progress":{}}""", "progress.step")]
    [InlineData("logs", """{"lease_token":"0197a6f0-0000-7000-8000-000000000000","entries":[{"level":"loud","message":1}]}""", "entries[0].level", "entries[0].message")]
    [InlineData("logs", """{"lease_token":"0197a6f0-0000-7000-8000-000000000000"}""", "entries")]
    public async Task Report_Wrong_NamesTheFault(string verb, string body, params string[] fields) => await RefusedAsync($"/tasks/{Token}/{verb}", body, fields);

    [Theory]
    [InlineData("""{}""", "count")]
    [InlineData("""{"count":-1}""", "count")]
    [InlineData("""{"count":1001}""", "count")]
    [InlineData("""{"count":1.5,"force":true}""", "count", "force")]
    public async Task Scale_Wrong_NamesTheFault(string body, params string[] fields) => await RefusedAsync("/workers/internal/scale", body, fields);

    [Theory]
    [InlineData("/workers/register")]
    [InlineData("/workers/worker-1-cpu/claim")]
    [InlineData("/workers/worker-1-cpu/heartbeat")]
    [InlineData("/workers/internal/scale")]
    [InlineData($"/tasks/{Token}/complete")]
    [InlineData($"/tasks/{Token}/fail")]
    [InlineData($"/tasks/{Token}/release")]
    [InlineData($"/tasks/{Token}/progress")]
    [InlineData($"/tasks/{Token}/logs")]
    public async Task AnyBody_Malformed_IsRefusedAsSuch(string path)
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        string before = await app.StateAsync();
        foreach (string body in new[] { "", "{", "{}{}", "nul", "\u0000", """{"a":1,"a":2}""", new string('[', 10_000), """{"a":1e999}""", """{"a":"\ud800"}""" })
        {
            (await app.PostAsync(path, body)).IsProblem(400, "malformed-json");
        }

        (await app.SendAsync(HttpMethod.Post, path, HttpApp.JsonContent("{}", "text/plain"))).IsProblem(415, "unsupported-media-type");
        (await app.SendAsync(HttpMethod.Post, path)).IsProblem(415, "unsupported-media-type");
        (await app.PostAsync(path, $"\"{new string('x', 3_000_000)}\"")).IsProblem(413, "too-large");
        (await app.PostAsync(path, "{}", ("Origin", "https://elsewhere.example"))).IsProblem(403, "cross-site-request");
        (await app.PostAsync(path, "{}", ("Accept", "text/html"))).IsProblem(406, "not-acceptable");
        Assert.Equal(before, await app.StateAsync());
    }

    [Fact]
    public async Task Call_OfAnUnknownWorkerOrTask_Is404()
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        foreach (string worker in new[] { "worker-9-x", "internal", "%01", "..%2f", new string('x', 5_000) })
        {
            (await app.PostAsync($"/workers/{worker}/claim", "{}")).IsProblem(404, "worker-not-found");
            (await app.PostAsync($"/workers/{worker}/heartbeat", "{}")).IsProblem(404, "worker-not-found");
            (await app.DeleteAsync($"/workers/{worker}")).IsProblem(404, "worker-not-found");
        }

        (await app.PostAsync($"/tasks/{Token}/complete", $$"""{"lease_token":"{{Token}}"}""")).IsProblem(404, "task-not-found");
        (await app.PostAsync("/tasks/7/complete", $$"""{"lease_token":"{{Token}}"}""")).IsProblem(400, "invalid-request");
    }

    [Fact]
    public async Task Register_TypeWithAHandlerOrTooMany_IsRefused()
    {
        await using HttpApp app = await WorkerApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxWorkers = 1 });
        (await RegisterAsync(app, "worker-2-a", types: "\"gate\",\"resize\"")).IsProblem(409, "type-has-handler");
        (await RegisterAsync(app, "worker-2-a")).IsProblem(503, "too-many-workers");
    }

    [Fact]
    public async Task Complete_ResultBeyondItsBound_IsRefusedAndTheTaskGoesOn()
    {
        await using HttpApp app = await WorkerApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxResultBytes = 100 });
        Claimed claimed = await StartTaskAsync(app);
        (await ReportAsync(app, claimed, "complete", $$""","result":"{{new string('x', 99)}}" """)).IsProblem(413, "result-too-large");
        Assert.Equal("processing", (await app.GetAsync($"/tasks/{claimed.Id}")).TaskStatus);
        (await ReportAsync(app, claimed, "complete", $$""","result":"{{new string('x', 98)}}" """)).Is(200);
    }

    [Fact]
    public async Task Forged_TokenOfAnotherTask_ChangesNeither()
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        Claimed first = await StartTaskAsync(app);
        Claimed second = await StartTaskAsync(app);
        var crossed = new Claimed(first.Id, second.Token, second.Json);
        string before = await app.StateAsync();
        (await ReportAsync(app, crossed, "complete")).IsProblem(409, "lease-lost");
        (await ReportAsync(app, crossed, "release")).IsProblem(409, "lease-lost");
        Assert.Equal("lost", Directive(await HeartbeatAsync(app, crossed)));
        Assert.Equal(before, await app.StateAsync());
        (await ReportAsync(app, first, "complete")).Is(200);
        (await ReportAsync(app, second, "complete")).Is(200);
    }

    private static async Task RefusedAsync(string path, string body, string[] fields)
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        string before = await app.StateAsync();
        System.Text.Json.JsonElement refused = (await app.PostAsync(path, body)).IsProblem(400, "invalid-request");
        Assert.Equal(fields.Order(StringComparer.Ordinal), refused.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
        Assert.Equal(before, await app.StateAsync());
        Assert.Single(app.Host.Services.GetRequiredService<ITaskWorkers>().List());
    }
}
