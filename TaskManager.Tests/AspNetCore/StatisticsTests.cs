using System.Text.Json;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class StatisticsTests
{
    [Fact]
    public async Task Stats_BeforeAnything_CountNothingUnderEveryName()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer stats = (await app.GetAsync("/tasks/stats")).Is(200);
        Assert.Equal("no-store", stats.Header("Cache-Control"));
        Assert.Equal(
            """{"scheduled":0,"blocked":0,"queued":0,"processing":0,"paused":0,"completed":0,"failed":0,"timed_out":0,"cancelled":0}""",
            stats.Member("states").GetRawText());
        Assert.Equal(
            ["states", "types", "accepted", "removed", "throughput_per_second", "success_rate", "wait_seconds", "run_seconds", "pool", "lease_expirations", "late_reports", "bounds"],
            stats.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(JsonValueKind.Null, stats.Member("success_rate").ValueKind);
        Assert.Equal("""{"p50":null,"p95":null,"p99":null}""", stats.Member("run_seconds").GetRawText());
    }

    [Fact]
    public async Task Stats_AfterSome_CountThem()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => (options.MaxConcurrency, options.QueueCapacity) = (1, 50) });
        await app.SubmitToEndAsync("echo");
        await app.SubmitToEndAsync("echo");
        await app.SubmitToEndAsync("echo");
        await app.SubmitToEndAsync("fail");
        await app.SubmitRunningAsync();
        await app.SubmitAsync("gate");
        string cancelled = await app.SubmitAsync("gate");
        (await app.DeleteAsync($"/tasks/{cancelled}")).Is(200);
        string purged = await app.SubmitAsync("gate");
        (await app.DeleteAsync($"/tasks/{purged}?purge=true")).Is(204);

        HttpAnswer stats = (await app.GetAsync("/tasks/stats")).Is(200);
        JsonElement states = stats.Member("states");
        Assert.Equal(3, states.GetProperty("completed").GetInt64());
        Assert.Equal(1, states.GetProperty("failed").GetInt64());
        Assert.Equal(1, states.GetProperty("processing").GetInt64());
        Assert.Equal(1, states.GetProperty("queued").GetInt64());
        Assert.Equal(1, states.GetProperty("cancelled").GetInt64());
        Assert.Equal(8, stats.Member("accepted").GetInt64());
        Assert.Equal(1, stats.Member("removed").GetInt64());
        Assert.Equal(8, states.EnumerateObject().Sum(state => state.Value.GetInt64()) + stats.Member("removed").GetInt64());
        Assert.Equal(3, stats.Member("types").GetProperty("echo").GetProperty("completed").GetInt64());
        Assert.Equal(0.75, stats.Member("success_rate").GetDouble());
        Assert.Equal("""{"running":true,"slots":1,"busy":1,"suspended":0,"abandoned":0,"queued":1}""", stats.Member("pool").GetRawText());
        Assert.Equal("""{"used":2,"max":50}""", stats.Member("bounds").GetProperty("queue").GetRawText());
    }

    [Fact]
    public async Task Stats_ClientsAreLimited_ShowHowManyHaveABudget()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { RateLimit = limit => limit.MaxClients = 7 });

        Assert.Equal("""{"used":1,"max":7}""", (await app.GetAsync("/tasks/stats")).Is(200).Member("bounds").GetProperty("rate_limit_clients").GetRawText());
    }

    [Fact]
    public async Task TaskTypes_List_ShowsEachByName()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer answer = (await app.GetAsync("/task-types")).Is(200);
        JsonElement[] items = [.. answer.Member("items").EnumerateArray()];
        Assert.Equal(app.Tasks.Types.All.Select(type => type.Name), items.Select(item => item.GetProperty("task_type").GetString()));
        foreach (JsonElement item in items)
        {
            string name = item.GetProperty("task_type").GetString()!;
            Assert.Equal(item.GetRawText(), (await app.GetAsync($"/task-types/{name}")).Is(200).Text);
        }
    }

    [Fact]
    public async Task TaskTypes_One_IsShownWhole()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer add = (await app.GetAsync("/task-types/add")).Is(200);
        Assert.Equal(
            ["task_type", "description", "parameters_schema", "result_schema", "example", "timeout_seconds", "max_attempts", "max_concurrency", "rate", "runs_on"],
            add.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal("Adds two numbers.", add.Member("description").GetString());
        Assert.Equal("""{"a":1,"b":2}""", add.Member("example").GetRawText());
        Assert.Equal(["a", "b"], add.Member("parameters_schema").GetProperty("properties").EnumerateObject().Select(member => member.Name));
        Assert.Equal(1800, add.Member("timeout_seconds").GetDouble());
        Assert.Equal("pool", add.Member("runs_on").GetString());
        HttpAnswer flaky = (await app.GetAsync("/task-types/flaky")).Is(200);
        Assert.Equal(3, flaky.Member("max_attempts").GetInt32());
        Assert.Equal(JsonValueKind.Null, flaky.Member("example").ValueKind);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("ADD")]
    [InlineData("add%20")]
    [InlineData("%EF%BC%81")]
    public async Task TaskTypes_Unknown_Is404(string name)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.GetAsync($"/task-types/{name}")).IsProblem(404, "task-type-not-found");
    }
}
