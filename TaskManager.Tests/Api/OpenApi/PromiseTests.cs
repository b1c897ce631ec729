using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace TaskManager.Tests.Api.OpenApi;

/// <summary>What the running service really answers is what its document promises.</summary>
[Trait("Proof", "http")]
public sealed class PromiseTests(DescribedService service) : IClassFixture<DescribedService>, IAsyncLifetime
{
    private const string Sum = """{"task_type":"compute_sum","parameters":{"numbers":[1,2],"processing_time":0}}""";

    private PromiseKeeper _client = null!;

    public async ValueTask InitializeAsync() => _client = await PromiseKeeper.MakeAsync(service.CreateClient());

    public ValueTask DisposeAsync()
    {
        service.Release();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Submit_EveryExample_IsAcceptedAndEnds()
    {
        foreach (TaskType type in service.Services.GetRequiredService<ITaskManager>().Types.All.Where(type => type.Example is not null))
        {
            var body = new JsonObject { ["task_type"] = type.Name, ["parameters"] = type.Example };
            JsonNode? task = await _client.PostAsync("/tasks", body.ToJsonString(), 200, ("Prefer", "wait=60"));

            Assert.Equal(type.Name == "simulate_failure" ? "failed" : "completed", task!["status"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task Reads_TasksInEveryState_AreAsPromised()
    {
        string processing = IdOf(await _client.PostAsync("/tasks", """{"task_type":"stubborn"}""", 202));
        await _client.GetAsync($"/tasks/{processing}?wait=true&timeout=60", ("If-None-Match", "W/\"1.0\""));
        string queued = IdOf(await _client.PostAsync("/api/v1/tasks", SumWith(""" "tags":["a"],"unique_key":"k","fairness_key":"f","priority":"low" """), 202));
        string scheduled = IdOf(await _client.PostAsync("/tasks", SumWith(""" "delay_seconds":3600 """), 202));
        string blocked = IdOf(await _client.PostAsync("/tasks", SumWith($""" "depends_on":["{queued}"] """), 202));
        string cancelled = IdOf(await _client.PostAsync("/tasks", Sum, 202));
        await _client.PostAsync($"/tasks/{cancelled}/cancel", body: null, 200);
        string paused = IdOf(await _client.PostAsync("/tasks", Sum, 202));
        await _client.SendAsync(HttpMethod.Patch, $"/tasks/{paused}/status", """{"status":"paused"}""", 200);

        string[] ids = [processing, queued, scheduled, blocked, cancelled, paused];
        Assert.Equal(["processing", "queued", "scheduled", "blocked", "cancelled", "paused"], await Task.WhenAll(ids.Select(ReadAsync)));
        await _client.GetAsync("/tasks?limit=2");
        await _client.GetAsync("/tasks?status=queued,paused", ("Accept", "application/x-ndjson"));
        await _client.GetAsync("/tasks/stats");

        foreach (string id in ids.Except([processing]))
        {
            await _client.SendAsync(HttpMethod.Delete, $"/tasks/{id}", body: null, 200);
        }

        await _client.SendAsync(HttpMethod.Delete, $"/tasks/{processing}?purge=true", body: null, 202);
    }

    [Fact]
    public async Task Reads_TaskThatFailed_AreAsPromised()
    {
        string id = IdOf(await _client.PostAsync("/tasks", """{"task_type":"refuse"}""", 200, ("Prefer", "wait=60")));

        Assert.Equal("failed", await ReadAsync(id));
        await _client.SendAsync(HttpMethod.Head, $"/tasks/{id}", body: null, 200);
        await _client.SendAsync(HttpMethod.Get, $"/tasks/{id}", body: null, 304, ("If-None-Match", "*"));
        await _client.GetAsync("/tasks/stats");
    }

    [Fact]
    public async Task Submit_RepeatedAndReused_TellsInPromisedHeaders()
    {
        string body = SumWith(""" "reuse_result_for_seconds":60 """);
        await _client.PostAsync("/tasks", body, 200, ("Prefer", "wait=60"), ("Idempotency-Key", "\"once\""));
        await _client.PostAsync("/tasks", body, 202, ("Idempotency-Key", "\"once\""));
        await _client.PostAsync("/tasks", body, 200);
        await _client.PostAsync("/tasks", Sum, 422, ("Idempotency-Key", "\"once\""));
    }

    [Fact]
    public async Task Batch_GoodAndBadTogether_IsAsPromised()
    {
        JsonNode? answer = await _client.PostAsync("/tasks/batch", $$"""[{{Sum}},{"task_type":"nope"},{"task_type":"outline"}]""", 200);

        Assert.Equal(["index", "task"], answer![0]!.AsObject().Select(member => member.Key));
        Assert.Equal(["index", "problem"], answer[1]!.AsObject().Select(member => member.Key));
        await _client.PostAsync("/tasks/batch?atomic=true", $$"""[{{Sum}},{"task_type":"nope"}]""", 400);
    }

    [Fact]
    public async Task Refusals_OfEveryKind_AreAsPromised()
    {
        string unknown = Guid.CreateVersion7().ToString();
        string done = IdOf(await _client.PostAsync("/tasks", Sum, 200, ("Prefer", "wait=60")));

        await _client.PostAsync("/tasks", "{", 400);
        await _client.PostAsync("/tasks", """{"task_type":"compute_summ"}""", 400);
        await _client.PostAsync("/tasks", Sum, 403, ("Origin", "https://elsewhere.example"));
        await _client.PostAsync("/tasks", $"\"{new string('x', 400_000)}\"", 413);
        await _client.PostAsync("/tasks", body: null, 415);
        await _client.PostAsync($"/tasks/{done}/pause", body: null, 409);
        await _client.PostAsync($"/tasks/{unknown}/retry", body: null, 404);
        await _client.SendAsync(HttpMethod.Get, $"/tasks/{unknown}", body: null, 404);
        await _client.SendAsync(HttpMethod.Get, "/tasks/7", body: null, 400);
        await _client.SendAsync(HttpMethod.Get, "/tasks?limit=0", body: null, 400);
        await _client.SendAsync(HttpMethod.Get, "/tasks/stats", body: null, 406, ("Accept", "text/html"));
        await _client.SendAsync(HttpMethod.Get, "/task-types/nope", body: null, 404);
        await _client.SendAsync(HttpMethod.Patch, $"/tasks/{done}/status", """{"status":"completed"}""", 400);
        await _client.SendAsync(HttpMethod.Delete, $"/tasks/{done}?purge=true", body: null, 204);
        await _client.SendAsync(HttpMethod.Get, $"/tasks/{done}", body: null, 410);
    }

    [Fact]
    public async Task TaskTypesAndHealth_Always_AreAsPromised()
    {
        await _client.GetAsync("/task-types");
        await _client.GetAsync("/task-types/compute_sum");
        await _client.GetAsync("/health");
        await _client.GetAsync("/ready");
        await _client.SendAsync(HttpMethod.Head, "/health", body: null, 200);
    }

    [Theory]
    [InlineData("""{"task_type":"compute_sum","parameters":{"numbers":[1],"processing_time":0}}""", true)]
    [InlineData("""{"task_type":"compute_sum","parameters":{"numbers":[1],"processing_time":0},"priority":null,"run_at":null,"tags":null,"depends_on":null,"max_attempts":null}""", true)]
    [InlineData("""{"task_type":"compute_sum","parameters":{"numbers":[1],"processing_time":0},"timeout_seconds":0.001,"on_dependency_failure":"run"}""", true)]
    [InlineData("""{"task_type":"outline","parameters":{"title":"a","parts":[{"title":"b","parts":[{"title":"c","note":[1,{}]}]}]}}""", true)]
    [InlineData("""{"task_type":"a.type-of_its.own"}""", true)]
    [InlineData("""{"task_type":"double","parameters":4}""", true)]
    [InlineData("""{"task_type":"double"}""", false)]
    [InlineData("""{"task_type":"double","parameters":{}}""", false)]
    [InlineData("""{"task_type":"a.type-of_its.own","parameters":{"x":1}}""", false)]
    [InlineData("""{"task_type":"outline","parameters":{"title":"a","parts":[{"titel":"b"}]}}""", false)]
    [InlineData("""{"task_type":"outline"}""", false)]
    [InlineData("""{"task_type":"compute_sum"}""", false)]
    [InlineData("""{"task_type":"compute_sum","parameters":{"numbers":[]}}""", false)]
    [InlineData("""{"task_type":"compute_sum","parameters":{"numbers":["1"]}}""", false)]
    [InlineData("""{"task_type":"compute_sum","parameters":{"numbers":[1],"processing_time":-1}}""", false)]
    [InlineData("""{"task_type":"compute_sum","parameters":{"numbers":[1]},"colour":"red"}""", false)]
    [InlineData("""{"task_type":"compute_sum","parameters":{"numbers":[1]},"priority":"urgent"}""", false)]
    [InlineData("""{"task_type":"compute_sum","parameters":{"numbers":[1]},"tags":[""]}""", false)]
    [InlineData("""{"task_type":"compute_sum","parameters":{"numbers":[1]},"timeout_seconds":0}""", false)]
    [InlineData("""{"task_type":"compute_sum","parameters":{"numbers":[1]},"max_attempts":0}""", false)]
    [InlineData("""{"task_type":"compute_sum","parameters":{"numbers":[1]},"reuse_result_for_seconds":0}""", false)]
    [InlineData("""{"task_type":"compute_sum","parameters":{"numbers":[1]},"depends_on":["7"]}""", false)]
    [InlineData("""{"task_type":"nope","parameters":{}}""", false)]
    [InlineData("""{"parameters":{}}""", false)]
    public async Task Submit_Anything_IsJudgedAsTheDocumentJudgesIt(string body, bool isRight)
    {
        Assert.Equal(isRight, _client.FaultsOfSubmission(body).Count == 0);
        await _client.PostAsync("/tasks", body, isRight ? 202 : 400);
    }

    private async Task<string> ReadAsync(string id)
    {
        JsonNode? task = await _client.GetAsync($"/tasks/{id}");
        await _client.GetAsync($"/tasks/{id}/status");
        await _client.SendAsync(HttpMethod.Get, $"/tasks/{id}/result", body: null, task!["done"]!.GetValue<bool>() ? 200 : 202);
        return task["status"]!.GetValue<string>();
    }

    private static string SumWith(string options) => $"{Sum[..^1]},{options}}}";

    private static string IdOf(JsonNode? task) => task!["task_id"]!.GetValue<string>();
}
