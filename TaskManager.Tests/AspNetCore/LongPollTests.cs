namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class LongPollTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    [Theory]
    [InlineData("", 200, 200)]
    [InlineData("/status", 200, 200)]
    [InlineData("/result", 200, 202)]
    public async Task Wait_StatusChanges_AnswersAtOnce(string path, int done, int notDone)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string scheduled = await app.SubmitAsync("gate", "{}", "\"delay_seconds\":1");
        Task<HttpAnswer> moved = await app.BeginAsync(sender => sender.GetAsync($"/tasks/{scheduled}{path}?wait=true&timeout=60"));
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual("scheduled", (await moved).Is(notDone).TaskStatus);

        await app.Handlers.EnteredAsync();
        Task<HttpAnswer> ended = await app.BeginAsync(sender => sender.GetAsync($"/tasks/{scheduled}{path}", ("Prefer", "wait=60")));
        app.Handlers.Release();
        HttpAnswer answer = (await ended).Is(done);
        Assert.Equal("completed", answer.TaskStatus);
        Assert.Equal("wait=60", answer.Header("Preference-Applied"));
        Assert.Null(answer.Header("Retry-After"));
    }

    [Theory]
    [InlineData("", "?wait=true", null, 10_000)]
    [InlineData("", "?wait=true&timeout=2.5", null, 2_500)]
    [InlineData("", "?wait=true&timeout=60", null, 60_000)]
    [InlineData("", "?timeout=1", "wait=7", 7_000)]
    [InlineData("", "?wait=true&timeout=3", "wait=7", 3_000)]
    [InlineData("", "", "wait=3600", 60_000)]
    [InlineData("/status", "?wait=true&timeout=4", null, 4_000)]
    [InlineData("/result", "?wait=true&timeout=4", null, 4_000)]
    public async Task Wait_TimeIsOver_AnswersTheTaskAsItIs(string path, string query, string? prefer, int milliseconds)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        Task<HttpAnswer> waiting = await app.BeginAsync(sender => sender.GetAsync($"/tasks/{id}{path}{query}", prefer is null ? [] : [("Prefer", prefer)]));
        app.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds) - Millisecond);
        await app.StateAsync();
        Assert.False(waiting.IsCompleted);
        app.Clock.Advance(Millisecond);
        HttpAnswer answer = (await waiting).Is(path == "/result" ? 202 : 200);
        Assert.Equal("processing", answer.TaskStatus);
        Assert.Equal("1", answer.Header("Retry-After"));
    }

    [Theory]
    [InlineData("?wait=false")]
    [InlineData("?timeout=60")]
    [InlineData("?wait=true&timeout=0")]
    [InlineData("?wait=false&timeout=60&unknown=1&wait_=x")]
    public async Task Wait_NotAskedFor_AnswersAtOnce(string query)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        foreach (string path in (string[])[string.Empty, "/status", "/result"])
        {
            Assert.Equal("processing", (await app.GetAsync($"/tasks/{id}{path}{query}")).TaskStatus);
        }
    }

    [Fact]
    public async Task Wait_TaskIsDone_AnswersAtOnce()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitToEndAsync("fail");
        foreach (string path in (string[])[string.Empty, "/status", "/result"])
        {
            Assert.Equal("failed", (await app.GetAsync($"/tasks/{id}{path}?wait=true&timeout=60")).Is(200).TaskStatus);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/status")]
    public async Task Wait_VersionIsStaleAlready_AnswersAtOnce(string path)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        HttpAnswer answer = (await app.GetAsync($"/tasks/{id}{path}?wait=true&timeout=60", ("If-None-Match", "W/\"1.0\""))).Is(200);
        Assert.Equal("processing", answer.TaskStatus);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/status")]
    public async Task Wait_VersionIsKnown_WaitsAndThenSaysNotModified(string path)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        Task<HttpAnswer> waiting = await app.BeginAsync(sender => sender.GetAsync($"/tasks/{id}{path}?wait=true&timeout=5", ("If-None-Match", "W/\"2.0\"")));
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        (await waiting).Is(304);

        Task<HttpAnswer> again = await app.BeginAsync(sender => sender.GetAsync($"/tasks/{id}{path}?wait=true&timeout=5", ("If-None-Match", "W/\"2.0\"")));
        app.Handlers.Release();
        Assert.Equal("completed", (await again).Is(200).TaskStatus);
    }

    [Fact]
    public async Task Wait_OnlyProgressIsNewer_WaitsForTheStatusAndThenShowsTheProgress()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync("steps");
        app.Handlers.Step();
        await app.Handlers.SteppedAsync();
        Task<HttpAnswer> waiting = await app.BeginAsync(sender => sender.GetAsync($"/tasks/{id}?wait=true&timeout=5", ("If-None-Match", "W/\"2.0\"")));
        app.Handlers.Step();
        await app.Handlers.SteppedAsync();
        Assert.False(waiting.IsCompleted);
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2, (await waiting).Is(200).Member("progress").GetProperty("step").GetInt32());
    }

    [Fact]
    public async Task Wait_ManyAtOnce_AllAnswerTheSameAndLeaveNothingBehind()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        Task<HttpAnswer>[] waiting = [.. Enumerable.Range(0, 200).Select(_ => app.GetAsync($"/tasks/{id}?wait=true&timeout=60"))];
        await Patience.UntilAsync(async () => await WaitersAsync(app) == waiting.Length);
        app.Handlers.Release();
        HttpAnswer[] answers = await Task.WhenAll(waiting);
        Assert.Single(answers.Select(answer => answer.Text).Distinct(StringComparer.Ordinal));
        Assert.Equal("completed", answers[0].TaskStatus);
        await Patience.UntilAsync(async () => await WaitersAsync(app) == 0);
    }

    [Fact]
    public async Task Wait_WaitingTaskIsPurgedMeanwhile_AnswersItsEnd()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 0 });
        string id = await app.SubmitAsync("gate");
        Task<HttpAnswer> waiting = await app.BeginAsync(sender => sender.GetAsync($"/tasks/{id}?wait=true&timeout=60"));
        (await app.DeleteAsync($"/tasks/{id}?purge=true")).Is(204);
        Assert.Equal("cancelled", (await waiting).Is(200).TaskStatus);
    }

    [Fact]
    public async Task Wait_RunningTaskIsPurgedMeanwhile_NeverSaysThatItRuns()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        Task<HttpAnswer> waiting = await app.BeginAsync(sender => sender.GetAsync($"/tasks/{id}?wait=true&timeout=60"));
        await app.DeleteAsync($"/tasks/{id}?purge=true");
        HttpAnswer answer = await waiting;
        Assert.True(answer.Status == 410 || answer.Is(200).TaskStatus == "cancelled", answer.Text);
    }

    [Theory]
    [InlineData("wait=yes", "wait")]
    [InlineData("wait=", "wait")]
    [InlineData("wait", "wait")]
    [InlineData("wait=true&wait=true", "wait")]
    [InlineData("wait=1", "wait")]
    [InlineData("timeout=-1", "timeout")]
    [InlineData("timeout=60.001", "timeout")]
    [InlineData("timeout=1e1", "timeout")]
    [InlineData("timeout=NaN", "timeout")]
    [InlineData("timeout=Infinity", "timeout")]
    [InlineData("timeout=", "timeout")]
    [InlineData("timeout=1,5", "timeout")]
    [InlineData("timeout=%EF%BC%91", "timeout")]
    [InlineData("timeout=1&timeout=2", "timeout")]
    [InlineData("wait=maybe&timeout=soon", "timeout", "wait")]
    public async Task Wait_WrongValue_IsNamed(string query, params string[] fields)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        foreach (string path in (string[])[string.Empty, "/status", "/result"])
        {
            (await app.GetAsync($"/tasks/{id}{path}?{query}")).IsInvalid(fields);
            (await app.GetAsync($"/tasks/nonsense{path}?{query}")).IsInvalid([.. fields, "task_id"]);
        }
    }

    [Fact]
    public async Task Wait_MoreThanMayWait_IsRefusedWithoutHarm()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxWaiters = 1 });
        string id = await app.SubmitRunningAsync();
        Task<HttpAnswer> waiting = await app.BeginAsync(sender => sender.GetAsync($"/tasks/{id}?wait=true&timeout=60"));
        HttpAnswer refused = await app.GetAsync($"/tasks/{id}?wait=true");
        refused.IsProblem(503, "too-many-waiters");
        Assert.True(refused.RetryAfter > 0);
        (await app.GetAsync($"/tasks/{id}")).Is(200);
        app.Handlers.Release();
        Assert.Equal("completed", (await waiting).TaskStatus);
    }

    [Fact]
    public async Task Submit_NoRoomToWait_IsAcceptedAllTheSame()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxWaiters = 1 });
        string id = await app.SubmitRunningAsync();
        await app.BeginAsync(sender => sender.GetAsync($"/tasks/{id}?wait=true&timeout=60"));
        HttpAnswer accepted = (await app.PostAsync("/tasks", """{"task_type":"gate"}""", ("Prefer", "wait=5"))).Is(202);
        Assert.Equal($"/tasks/{accepted.Id}", accepted.Header("Location"));
        Assert.Null(accepted.Header("Preference-Applied"));
        await app.Handlers.EnteredAsync(); // the gate's, so that the next is the stubborn one's

        HttpAnswer cancelled = (await app.PostAsync($"/tasks/{await app.SubmitRunningAsync("stubborn")}/cancel")).Is(202);
        Assert.True(cancelled.Member("cancel_requested").GetBoolean());
    }

    private static async Task<long> WaitersAsync(HttpApp app) =>
        (await app.GetAsync("/tasks/stats")).Member("bounds").GetProperty("waiters").GetProperty("used").GetInt64();
}
