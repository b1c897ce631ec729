using System.Globalization;
using System.Text.Json;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class SubmitTests
{
    [Fact]
    public async Task Submit_ValidTask_IsAcceptedWithWhereAndWhenToLook()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer answer = (await app.PostAsync("/tasks", """{"task_type":"gate","parameters":{}}""")).Is(202);
        Assert.Equal("queued", answer.TaskStatus);
        Assert.Equal($"/tasks/{answer.Id}", answer.Header("Location"));
        Assert.Equal("1", answer.Header("Retry-After"));
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal("private, no-cache", answer.Header("Cache-Control"));
        Assert.Equal("W/\"1.0\"", answer.Header("ETag"));
        Assert.Null(answer.Header("Preference-Applied"));
        Assert.Equal(answer.Id, (await app.GetAsync(answer.Header("Location")!)).Is(200).Id);
    }

    [Fact]
    public async Task Submit_Ids_AreVersion7AndRise()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        var ids = new List<string>();
        for (int i = 0; i < 5; i++)
        {
            ids.Add(await app.SubmitAsync("gate"));
        }

        Assert.All(ids, id => Assert.Equal(7, Guid.Parse(id).Version));
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    [Theory]
    [InlineData("/TASKS")]
    [InlineData("/tasks/")]
    public async Task Submit_OtherSpellingOfThePath_LocationLeadsToTheTask(string path)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer answer = (await app.PostAsync(path, """{"task_type":"gate"}""")).Is(202);
        Assert.Equal(answer.Id, (await app.GetAsync(answer.Header("Location")!)).Is(200).Id);
    }

    [Fact]
    public async Task Submit_WithADelay_IsScheduledAndSaysUntilWhen()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer answer = (await app.PostAsync("/tasks", """{"task_type":"add","parameters":{"a":1,"b":2},"delay_seconds":90.5}""")).Is(202);
        Assert.Equal("scheduled", answer.TaskStatus);
        Assert.Equal("run_at", answer.Member("waiting_for").GetProperty("reason").GetString());
        Assert.Equal("2026-01-01T00:01:30.5Z", answer.Member("waiting_for").GetProperty("until").GetString());
        Assert.Equal(JsonValueKind.Null, answer.Member("run_at").ValueKind);
        app.Clock.Advance(TimeSpan.FromSeconds(91));
        await app.UntilAsync(answer.Id, TaskState.Completed);
    }

    [Theory]
    [InlineData("2026-01-01T02:30:00+01:00", "2026-01-01T01:30:00Z")]
    [InlineData("2026-01-01T00:00:01Z", "2026-01-01T00:00:01Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z")]
    public async Task Submit_RunAt_IsScheduledInUtc(string given, string shown)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer answer = (await app.PostAsync("/tasks", $$"""{"task_type":"gate","run_at":"{{given}}"}""")).Is(202);
        Assert.Equal("scheduled", answer.TaskStatus);
        Assert.Equal(shown, answer.Member("run_at").GetString());
        Assert.Equal(shown, answer.Member("waiting_for").GetProperty("until").GetString());
    }

    [Fact]
    public async Task Submit_RunAtInThePast_IsQueued()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        Assert.Equal("queued", (await app.PostAsync("/tasks", """{"task_type":"gate","run_at":"0001-01-01T00:00:00Z"}""")).Is(202).TaskStatus);
    }

    [Fact]
    public async Task Submit_WithParents_IsBlockedAndNamesThoseItWaitsFor()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string done = await app.SubmitToEndAsync("add", """{"a":1,"b":2}""");
        string running = await app.SubmitRunningAsync();
        HttpAnswer answer = (await app.PostAsync("/tasks", $$"""{"task_type":"add","parameters":{"a":1,"b":2},"depends_on":["{{done}}","{{running}}"]}""")).Is(202);
        Assert.Equal("blocked", answer.TaskStatus);
        Assert.Equal($$"""{"reason":"dependencies","task_ids":["{{running}}"]}""", answer.Member("waiting_for").GetRawText());
        Assert.Equal([done, running], answer.Member("depends_on").EnumerateArray().Select(id => id.GetString()!));
        app.Handlers.Release();
        await app.UntilAsync(answer.Id, TaskState.Completed);
    }

    [Fact]
    public async Task Submit_ParentHasFailed_IsBornCancelled()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string failed = await app.SubmitToEndAsync("fail");
        HttpAnswer answer = (await app.PostAsync("/tasks", $$"""{"task_type":"gate","depends_on":["{{failed}}"]}""")).Is(202);
        Assert.Equal("cancelled", answer.TaskStatus);
        Assert.Equal("dependency_failed", answer.Member("error").GetProperty("code").GetString());
        Assert.Contains(failed, answer.Member("error").GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.Null(answer.Header("Retry-After"));
        Assert.Equal("queued", (await app.PostAsync("/tasks", $$"""{"task_type":"gate","depends_on":["{{failed}}"],"on_dependency_failure":"run"}""")).Is(202).TaskStatus);
    }

    [Fact]
    public async Task Submit_EveryOption_IsShown()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer answer = (await app.PostAsync("/tasks", """
            {"task_type":"gate","parameters":{},"priority":"critical","timeout_seconds":0.5,"max_attempts":1000,"unique_key":"u","fairness_key":"f",
             "reuse_result_for_seconds":1,"tags":["a","b"],"delay_seconds":1,"on_dependency_failure":"run","depends_on":[]}
            """)).Is(202);
        Assert.Equal("critical", answer.Member("priority").GetString());
        Assert.Equal(1000, answer.Member("max_attempts").GetInt32());
        Assert.Equal("u", answer.Member("unique_key").GetString());
        Assert.Equal("f", answer.Member("fairness_key").GetString());
        Assert.Equal("""["a","b"]""", answer.Member("tags").GetRawText());
    }

    [Fact]
    public async Task Submit_NullOptions_AreAsIfLeftOut()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer answer = (await app.PostAsync("/tasks", """
            {"task_type":"gate","priority":null,"delay_seconds":null,"run_at":null,"timeout_seconds":null,"max_attempts":null,"depends_on":null,
             "on_dependency_failure":null,"unique_key":null,"reuse_result_for_seconds":null,"fairness_key":null,"tags":null}
            """)).Is(202);
        Assert.Equal("queued", answer.TaskStatus);
        Assert.Equal("normal", answer.Member("priority").GetString());
    }

    [Theory]
    [InlineData("low")]
    [InlineData("normal")]
    [InlineData("high")]
    [InlineData("critical")]
    public async Task Submit_Priority_IsTheOneGiven(string priority)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        Assert.Equal(priority, (await app.PostAsync("/tasks", $$"""{"task_type":"gate","priority":"{{priority}}"}""")).Is(202).Member("priority").GetString());
    }

    [Theory]
    [InlineData("wait=5", "wait=5")]
    [InlineData("respond-async, WAIT = 7; foo=bar", "wait=7")]
    [InlineData("wait=999", "wait=60")]
    public async Task Submit_PreferWaitAndItEnds_AnswersTheFinishedTask(string prefer, string applied)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer answer = (await app.PostAsync("/tasks", """{"task_type":"add","parameters":{"a":1,"b":2}}""", ("Prefer", prefer))).Is(200);
        Assert.Equal("completed", answer.TaskStatus);
        Assert.Equal("""{"value":3}""", answer.Member("result").GetRawText());
        Assert.Equal(applied, answer.Header("Preference-Applied"));
        Assert.Equal($"/tasks/{answer.Id}", answer.Header("Location"));
        Assert.Null(answer.Header("Retry-After"));
    }

    [Fact]
    public async Task Submit_PreferWaitAndItFails_IsNoError()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer answer = (await app.PostAsync("/tasks", """{"task_type":"fail"}""", ("Prefer", "wait=5"))).Is(200);
        Assert.Equal("failed", answer.TaskStatus);
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(90, 60)]
    public async Task Submit_PreferWaitRunsOut_AnswersAcceptedAfterThatTime(int asked, int waited)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        Task<HttpAnswer> answer = await app.BeginAsync(sender => sender.PostAsync(
            "/tasks", """{"task_type":"gate"}""", ("Prefer", string.Create(CultureInfo.InvariantCulture, $"wait={asked}"))));
        await app.Handlers.EnteredAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(waited) - TimeSpan.FromMilliseconds(1));
        await app.StateAsync();
        Assert.False(answer.IsCompleted);
        app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("processing", (await answer).Is(202).TaskStatus);
    }

    [Theory]
    [InlineData("respond-async")]
    [InlineData("wait")]
    [InlineData("wait=")]
    [InlineData("wait=-1")]
    [InlineData("wait=soon")]
    [InlineData("wait=1.5")]
    [InlineData(",;=")]
    public async Task Submit_PreferenceNotUnderstood_IsIgnored(string prefer)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        Assert.Null((await app.PostAsync("/tasks", """{"task_type":"gate"}""", ("Prefer", prefer))).Is(202).Header("Preference-Applied"));
    }

    [Fact]
    public async Task Submit_PreferWaitOfNothing_AnswersAtOnce()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        Assert.Equal("wait=0", (await app.PostAsync("/tasks", """{"task_type":"gate"}""", ("Prefer", "wait=0"))).Is(202).Header("Preference-Applied"));
    }
}
