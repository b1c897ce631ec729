using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary>
/// Tasks that the service runs itself: of the types <c>add</c>, with the numbers <c>a</c> and <c>b</c> and a <c>sum</c>, and <c>long</c>, which takes <c>duration</c> seconds in as
/// many <c>steps</c>, reports each, and heeds a cancel and a pause between them.
/// </summary>
[Trait("Part", "samples")]
public sealed class SampleTaskTests(ConformanceHost host) : WireTest(host)
{
    [Fact]
    public async Task Add_PreferWait_Is200WithTheSum()
    {
        HttpAnswer answer = (await PostAsync(Add("""{"a":1.5,"b":2}"""), ("Prefer", "wait=25"))).Is(200);

        Assert.Equal(("completed", 3.5), (answer.TaskStatus, answer.Member("result").GetProperty("sum").GetDouble()));
    }

    [Theory]
    [InlineData("{}", "parameters.a", "parameters.b")]
    [InlineData("null", "parameters")]
    [InlineData("[]", "parameters")]
    [InlineData("""{"a":"1","b":null,"c":3}""", "parameters.a", "parameters.b", "parameters.c")]
    public async Task Add_WrongParameters_AreNamedByTheirPaths(string parameters, params string[] fields) => (await PostAsync(Add(parameters))).IsInvalid(fields);

    [Fact]
    public async Task Add_NoParameters_NamesWhatTheTypeRequires() => (await PostAsync(Body(type: "add"))).IsInvalid("parameters.a", "parameters.b");

    [Fact]
    public async Task TaskType_OfThePool_HasItsSchemas()
    {
        HttpAnswer type = (await Wire.GetAsync("/task-types/add")).Is(200);

        Assert.Equal("pool", type.Member("runs_on").GetString());
        Assert.Equal(["a", "b"], type.Member("parameters_schema").GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.True(type.Member("result_schema").GetProperty("properties").TryGetProperty("sum", out _));
    }

    [Fact]
    public async Task TaskType_OfThePool_CannotBeRegisteredByAWorker()
    {
        var worker = new WireWorker(Wire, WireWorker.NewId(), "first");

        (await worker.RegisterAsync(TaskType, "add")).IsProblem(409, "type-has-handler");

        (await worker.AskAsync()).IsProblem(404, "worker-not-found");
    }

    [Fact]
    public async Task Long_ReportsItsProgressAndCompletes()
    {
        HttpAnswer task = await EndAsync((await PostAsync(Long(duration: 0.2, steps: 4))).Is(202).Id);

        Assert.Equal(("completed", 4, 100), (task.TaskStatus, task.Member("progress").GetProperty("step").GetDouble(), task.Member("progress").GetProperty("percent").GetDouble()));
        Assert.Equal(JsonValueKind.Number, task.Member("run_seconds").ValueKind);
    }

    [Fact]
    public async Task Long_Cancelled_StopsAndSaysSo()
    {
        string id = (await PostAsync(Long())).Is(202).Id;
        await UntilStatusAsync(id, "processing");

        HttpAnswer answer = await Wire.DeleteAsync($"/tasks/{id}");

        Assert.True(answer.Status is 200 or 202, answer.Text); // 202 only if the machine is too busy for a second
        Assert.Equal("cancelled", (await EndAsync(id)).TaskStatus);
        Assert.Equal("cancelled", (await TaskAsync(id)).Member("attempts")[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Long_PausedAndResumed_StandsStillAndGoesOnInTheSameAttempt()
    {
        string id = (await PostAsync(Long())).Is(202).Id;
        await UntilStatusAsync(id, "processing");
        await Wire.PostAsync($"/tasks/{id}/pause");
        await UntilStatusAsync(id, "paused");

        (await Wire.PostAsync($"/tasks/{id}/resume")).Is(200);

        await UntilStatusAsync(id, "processing");
        Assert.Equal(1, (await TaskAsync(id)).Member("attempt").GetInt32());
    }

    [Fact]
    public async Task Long_BeyondItsTime_IsTimedOutAndNoServerError()
    {
        HttpAnswer task = await EndAsync((await PostAsync(Long(more: ",\"timeout_seconds\":0.1"))).Is(202).Id);

        Assert.Equal(("timed_out", "timed_out"), (task.TaskStatus, task.Member("error").GetProperty("code").GetString()));
    }

    private static string Add(string parameters) => $$"""{"task_type":"add","parameters":{{parameters}}}""";

    private static string Long(double duration = 600, int steps = 6000, string more = "") =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $$$"""{"task_type":"long","parameters":{"duration":{{{duration}}},"steps":{{{steps}}}}{{{more}}}}""");
}
