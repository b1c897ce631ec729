using System.Text.Json;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class BatchAtomicTests
{
    private const string UnknownId = "01980000-0000-7000-8000-000000000000";

    [Fact]
    public async Task Atomic_AllRight_AdmitsAll()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer answer = (await app.PostAsync("/tasks/batch?atomic=true", """[{"task_type":"gate"},{"task_type":"echo"}]""")).Is(200);
        Assert.All(answer.Json.EnumerateArray(), item => Assert.True(item.TryGetProperty("task", out _)));
        Assert.Equal(2, (await app.GetAsync("/tasks/stats")).Member("accepted").GetInt64());
    }

    [Fact]
    public async Task Atomic_AnyWrong_AdmitsNoneAndNamesAllFaultsByIndex()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string before = await app.StateAsync();
        JsonElement errors = (await app.PostAsync("/tasks/batch?atomic=true", $$$"""
            [{"task_type":"gate"},{"task_type":"gat","x":1},{"task_type":"add","parameters":{"a":"1"}},7,{"task_type":"gate","depends_on":["{{{UnknownId}}}"]},
             {"task_type":"gate","priority":"x","depends_on":["{{{UnknownId}}}"]}]
            """)).IsInvalid("[1].task_type", "[1].x", "[2].parameters.a", "[2].parameters.b", "[3].body", "[4].depends_on", "[5].depends_on", "[5].priority");
        Assert.Contains("\"gate\"", errors.GetProperty("[1].task_type")[0].GetString()!, StringComparison.Ordinal);
        Assert.Equal(before, await app.StateAsync());
    }

    [Fact]
    public async Task Atomic_OnlyAnUnknownParentIsWrong_AdmitsNone()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string before = await app.StateAsync();
        (await app.PostAsync("/tasks/batch?atomic=true", $$"""[{"task_type":"gate"},{"task_type":"gate","depends_on":["{{UnknownId}}"]}]""")).IsInvalid("[1].depends_on");
        Assert.Equal(before, await app.StateAsync());
    }

    [Fact]
    public async Task Atomic_WrongLine_AdmitsNone()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string before = await app.StateAsync();
        (await app.SendAsync(HttpMethod.Post, "/tasks/batch?atomic=true", BatchTests.Lines("""{"task_type":"gate"}""", "{", """{"task_type":"gate"}"""))).IsInvalid("[1].body");
        Assert.Equal(before, await app.StateAsync());
    }

    [Fact]
    public async Task Atomic_NoRoomForAll_AdmitsNone()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.QueueCapacity = 2 });
        string before = await app.StateAsync();
        HttpAnswer answer = await app.PostAsync("/tasks/batch?atomic=true", BatchTests.Array(Enumerable.Repeat("""{"task_type":"gate"}""", 3)));
        answer.IsProblem(503, "queue-full");
        Assert.True(answer.RetryAfter > 0);
        Assert.Equal(before, await app.StateAsync());
        (await app.PostAsync("/tasks/batch?atomic=true", BatchTests.Array(Enumerable.Repeat("""{"task_type":"gate"}""", 2)))).Is(200);
    }

    [Fact]
    public async Task TrySubmitMany_AtomicAndOneParentIsUnknown_SaysThatTheOthersWereNotTried()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        IReadOnlyList<SubmitResult> results = await app.Tasks.TrySubmitManyAsync(
            [new TaskRequest("gate", new Nothing()), new TaskRequest("gate", new Nothing(), new SubmitOptions { DependsOn = [Guid.Parse(UnknownId)] })],
            atomic: true,
            TestContext.Current.CancellationToken);
        Assert.IsType<SubmitResult.NotTried>(results[0]);
        Assert.IsType<SubmitResult.Invalid>(results[1]);
    }
}
