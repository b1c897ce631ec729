using System.Text.Json;
using System.Text.RegularExpressions;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary><c>POST /tasks</c>.</summary>
public sealed partial class SubmitTests(ConformanceHost host) : WireTest(host)
{
    private static readonly string[] TaskMembers =
    [
        "task_id", "task_type", "status", "done", "version", "attempt", "failures", "rescues", "max_attempts", "priority", "parameters", "result", "error", "progress",
        "cancel_requested", "pause_requested", "waiting_for", "depends_on", "tags", "fairness_key", "unique_key", "created_at", "run_at", "started_at", "finished_at",
        "wait_seconds", "run_seconds", "worker", "attempts",
    ];

    [Fact]
    public async Task Submit_ValidTask_Is202WithWhereAndWhenToLook()
    {
        HttpAnswer answer = (await PostAsync(Body("\"parameters\":{\"n\":1}"))).Is(202);

        Assert.Equal(("application/json", "queued", TaskType), (answer.ContentType, answer.TaskStatus, answer.Member("task_type").GetString()));
        Assert.False(answer.Member("done").GetBoolean());
        Assert.True(answer.RetryAfter > 0);
        Assert.Equal(Wire.At($"/tasks/{answer.Id}"), new Uri(Wire.Address, answer.Header("Location")));
        Assert.Null(answer.Header("Preference-Applied"));
    }

    [Fact]
    public async Task Submit_Answer_HasEveryMemberOfATask()
    {
        HttpAnswer answer = await PostAsync(Body("\"parameters\":{\"n\":[1,null,\"x\"]}"));

        Assert.Empty(TaskMembers.Except(Members(answer.Json)));
        Assert.Equal("""{"n":[1,null,"x"]}""", answer.Member("parameters").GetRawText());
        Assert.Equal(answer.Id, (await TaskAsync(answer.Id)).Id);
    }

    [Fact]
    public async Task Submit_Ids_AreUuidsOfVersion7ThatRise()
    {
        string[] ids = [await SubmitAsync(), await SubmitAsync(), await SubmitAsync()];

        Assert.All(ids, id => Assert.Equal(7, Guid.Parse(id).Version));
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public async Task Submit_Times_AreRfc3339InUtc() => Assert.Matches(UtcTime(), (await PostAsync(Body())).Member("created_at").GetString());

    [Fact]
    public async Task Submit_PreferWaitAndItEndsInTime_Is200WithTheFinishedTask()
    {
        WireWorker worker = await StartWorkerAsync();
        Task<HttpAnswer> submitting = PostAsync(Body(), ("Prefer", "wait=25"));
        await worker.CompleteAsync(await worker.ClaimAsync(), """{"sum":3}""");

        HttpAnswer answer = (await submitting).Is(200);

        Assert.Equal(("completed", """{"sum":3}"""), (answer.TaskStatus, answer.Member("result").GetRawText()));
        Assert.Equal("wait=25", answer.Header("Preference-Applied"));
        Assert.Equal(Wire.At($"/tasks/{answer.Id}"), new Uri(Wire.Address, answer.Header("Location")));
        Assert.Null(answer.Header("Retry-After"));
    }

    [Fact]
    public async Task Submit_PreferWaitAndItFails_IsStill200()
    {
        WireWorker worker = await StartWorkerAsync();
        Task<HttpAnswer> submitting = PostAsync(Body(), ("Prefer", "wait=25"));
        await worker.FailAsync(await worker.ClaimAsync());

        HttpAnswer answer = (await submitting).Is(200);

        Assert.Equal(("failed", "out_of_luck"), (answer.TaskStatus, answer.Member("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Submit_PreferWaitAndItGoesOn_Is202()
    {
        HttpAnswer answer = (await PostAsync(Body(), ("Prefer", "wait=1"))).Is(202);

        Assert.Equal(("queued", "wait=1"), (answer.TaskStatus, answer.Header("Preference-Applied")));
        Assert.True(answer.RetryAfter > 0);
    }

    [Fact]
    public async Task Submit_PreferWaitBeyond60_IsCutTo60()
    {
        WireWorker worker = await StartWorkerAsync();
        Task<HttpAnswer> submitting = PostAsync(Body(), ("Prefer", "respond-async, wait=999"));
        await worker.CompleteAsync(await worker.ClaimAsync());

        Assert.Equal("wait=60", (await submitting).Is(200).Header("Preference-Applied"));
    }

    [Theory]
    [InlineData("low")]
    [InlineData("normal")]
    [InlineData("high")]
    [InlineData("critical")]
    public async Task Submit_Priority_IsTheOneGiven(string priority) =>
        Assert.Equal(priority, (await PostAsync(Body($"\"priority\":\"{priority}\""))).Is(202).Member("priority").GetString());

    [Fact]
    public async Task Submit_Options_AreShown()
    {
        string key = NewKey();

        HttpAnswer answer = (await PostAsync(Body(
            $$"""
            "parameters":null,"timeout_seconds":0.5,"max_attempts":7,"unique_key":"{{key}}","fairness_key":"f","reuse_result_for_seconds":1,
            "tags":["a","b"],"depends_on":[],"on_dependency_failure":"run"
            """))).Is(202);

        Assert.Equal((7, key, "f"), (answer.Member("max_attempts").GetInt32(), answer.Member("unique_key").GetString(), answer.Member("fairness_key").GetString()));
        Assert.Equal(("""["a","b"]""", "[]"), (answer.Member("tags").GetRawText(), answer.Member("depends_on").GetRawText()));
    }

    [Fact]
    public async Task Submit_NullOptions_AreAsIfLeftOut()
    {
        HttpAnswer answer = (await PostAsync(Body(
            """
            "priority":null,"delay_seconds":null,"run_at":null,"timeout_seconds":null,"max_attempts":null,"depends_on":null,"on_dependency_failure":null,
            "unique_key":null,"reuse_result_for_seconds":null,"fairness_key":null,"tags":null
            """))).Is(202);

        Assert.Equal(("queued", "normal"), (answer.TaskStatus, answer.Member("priority").GetString()));
    }

    [Fact]
    public async Task Submit_Delay_IsScheduledAndSaysUntilWhen()
    {
        HttpAnswer answer = (await PostAsync(Body("\"delay_seconds\":3600"))).Is(202);

        Assert.Equal("scheduled", answer.TaskStatus);
        JsonElement reason = answer.Member("waiting_for");
        Assert.Equal("run_at", reason.GetProperty("reason").GetString());
        Assert.Equal(3600, (reason.GetProperty("until").GetDateTimeOffset() - answer.Member("created_at").GetDateTimeOffset()).TotalSeconds, tolerance: 1);
    }

    [Fact]
    public async Task Submit_RunAt_IsScheduledAndShownInUtc()
    {
        HttpAnswer answer = (await PostAsync(Body("\"run_at\":\"9000-01-01T01:30:00+01:00\""))).Is(202);

        Assert.Equal(("scheduled", "9000-01-01T00:30:00Z"), (answer.TaskStatus, answer.Member("run_at").GetString()));
        Assert.Equal("9000-01-01T00:30:00Z", answer.Member("waiting_for").GetProperty("until").GetString());
    }

    [Fact]
    public async Task Submit_RunAtThatIsPast_IsQueued() => Assert.Equal("queued", (await PostAsync(Body("\"run_at\":\"2001-01-01T00:00:00Z\""))).Is(202).TaskStatus);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UtcTime();
}
