using System.Text.Json;

namespace TaskManager.Tests.AspNetCore;

/// <summary><c>depends_on</c> and <c>on_dependency_failure</c> over the wire.</summary>
[Trait("Proof", "http")]
public sealed class DependencyTests
{
    private const string Unknown = "01980000-0000-7000-8000-000000000000";

    [Fact]
    public async Task Submit_UnknownParents_AreNamedAndNothingIsAdmitted()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string parent = await app.SubmitRunningAsync();
        string purged = await app.SubmitToEndAsync("echo");
        (await app.DeleteAsync($"/tasks/{purged}?purge=true")).Is(204);
        string before = await app.StateAsync();

        JsonElement errors = (await app.PostAsync("/tasks", Body([parent, Unknown, purged]))).IsInvalid("depends_on");

        string told = string.Join(' ', errors.GetProperty("depends_on").EnumerateArray().Select(message => message.GetString()));
        Assert.Contains(Unknown, told, StringComparison.Ordinal);
        Assert.Contains(purged, told, StringComparison.Ordinal);
        Assert.DoesNotContain(parent, told, StringComparison.Ordinal);
        Assert.Equal(before, await app.StateAsync());
    }

    [Fact]
    public async Task Blocked_NamesTheParentsThatItStillWaitsFor()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string first = await app.SubmitRunningAsync();
        string second = await app.SubmitRunningAsync("steps");
        string child = await SubmitAsync(app, [second, first, second]);

        Assert.Equal(Waiting(second, first), await WaitingForAsync(app, child));
        app.Handlers.Release();
        await app.UntilAsync(first, TaskState.Completed);
        Assert.Equal(Waiting(second), await WaitingForAsync(app, child));
        for (int step = 1; step <= 4; step++)
        {
            app.Handlers.Step();
        }

        await app.UntilAsync(child, TaskState.Completed);
        Assert.Equal("null", await WaitingForAsync(app, child));
    }

    [Fact]
    public async Task Blocked_ByVeryMany_NamesAHundredOfThem()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 0 });
        HttpAnswer batch = (await app.PostAsync("/tasks/batch", $"[{string.Join(',', Enumerable.Repeat("""{"task_type":"gate"}""", 150))}]")).Is(200);
        string[] parents = [.. batch.Json.EnumerateArray().Select(item => item.GetProperty("task").GetProperty("task_id").GetString()!)];

        HttpAnswer child = await app.GetAsync($"/tasks/{await SubmitAsync(app, parents)}");

        Assert.Equal(parents, child.Member("depends_on").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal(parents[..100], child.Member("waiting_for").GetProperty("task_ids").EnumerateArray().Select(id => id.GetString()));
    }

    [Theory]
    [InlineData("fail", "failed")]
    [InlineData("brief", "timed_out")]
    [InlineData("gate", "cancelled")]
    public async Task ParentEndsBadly_CancelsItsDescendantsAndNobodyElse(string type, string end)
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 0 });
        string parent = await app.SubmitAsync(type);
        string other = await app.SubmitAsync("echo");
        string child = await SubmitAsync(app, [other, parent]);
        string grandchild = await SubmitAsync(app, [child]);
        string paused = await SubmitAsync(app, [parent]);
        (await app.PostAsync($"/tasks/{paused}/pause")).Is(200);
        string allTheSame = await SubmitAsync(app, [parent], "\"on_dependency_failure\":\"run\"");
        string behind = await SubmitAsync(app, [allTheSame, other]);

        await EndAsync(app, parent, end);

        foreach (string id in (string[])[child, grandchild, paused])
        {
            await app.UntilAsync(id, TaskState.Cancelled); // whoever waits for the parent is woken a moment before its descendants are told
            HttpAnswer cancelled = await app.GetAsync($"/tasks/{id}");
            Assert.Equal(("cancelled", 0), (cancelled.TaskStatus, cancelled.Member("attempt").GetInt32()));
            JsonElement error = cancelled.Member("error");
            Assert.Equal("dependency_failed", error.GetProperty("code").GetString());
            Assert.Contains(id == grandchild ? child : parent, error.GetProperty("message").GetString()!, StringComparison.Ordinal);
        }

        await app.UntilAsync(allTheSame, TaskState.Completed);
        await app.UntilAsync(behind, TaskState.Completed);
    }

    [Fact]
    public async Task ParentCompletes_ChildThatIsNotDueYet_IsScheduled()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string parent = await app.SubmitRunningAsync();
        string child = await SubmitAsync(app, [parent], "\"delay_seconds\":60");
        Assert.Equal("dependencies", JsonElement.Parse(await WaitingForAsync(app, child)).GetProperty("reason").GetString());

        app.Handlers.Release();
        await app.UntilAsync(child, TaskState.Scheduled);

        Assert.Equal("""{"reason":"run_at","until":"2026-01-01T00:01:00Z"}""", await WaitingForAsync(app, child));
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        await app.UntilAsync(child, TaskState.Completed);
    }

    [Fact]
    public async Task ParentIsRetried_ChildThatWasCancelled_StaysCancelledUntilItIsRetriedItself()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string parent = await app.SubmitAsync("flaky", """{"failures":1}""", "\"max_attempts\":1,\"delay_seconds\":1");
        string child = await SubmitAsync(app, [parent]);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await app.UntilAsync(parent, TaskState.Failed);
        await app.UntilAsync(child, TaskState.Cancelled);

        (await app.PostAsync($"/tasks/{parent}/retry")).Is(200);
        await app.UntilAsync(parent, TaskState.Completed);
        Assert.Equal("cancelled", (await app.GetAsync($"/tasks/{child}")).TaskStatus);
        (await app.PostAsync($"/tasks/{child}/retry")).Is(200);
        await app.UntilAsync(child, TaskState.Completed);
    }

    private static async Task EndAsync(HttpApp app, string id, string end)
    {
        if (end == "cancelled")
        {
            (await app.PostAsync($"/tasks/{id}/cancel")).Is(200);
            Scale(app);
            return;
        }

        Scale(app);
        if (end == "timed_out")
        {
            await app.Handlers.EnteredAsync();
            app.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        await app.UntilAsync(id, TaskStates.All.Single(state => state.WireName() == end));
    }

    private static void Scale(HttpApp app) => app.Pool.Scale(5);

    private static async Task<string> SubmitAsync(HttpApp app, string[] parents, string? options = null)
    {
        HttpAnswer answer = (await app.PostAsync("/tasks", Body(parents, options))).Is(202);
        Assert.Equal("blocked", answer.TaskStatus);
        return answer.Id;
    }

    private static async Task<string> WaitingForAsync(HttpApp app, string id) => (await app.GetAsync($"/tasks/{id}")).Is(200).Member("waiting_for").GetRawText();

    private static string Waiting(params string[] parents) => JsonSerializer.Serialize(new { reason = "dependencies", task_ids = parents });

    private static string Body(string[] parents, string? options = null) =>
        $$"""{"task_type":"echo","parameters":1,"depends_on":{{JsonSerializer.Serialize(parents)}}{{(options is null ? string.Empty : "," + options)}}}""";
}
