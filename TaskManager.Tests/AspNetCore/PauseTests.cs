namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class PauseTests
{
    /// <summary>Gets every way to ask for a pause.</summary>
    public static TheoryData<string> Ways => ["POST", "PATCH"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Pause_TaskThatWaits_TakesEffectAndRepeats(string way)
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 0 });
        string id = await app.SubmitAsync("gate");
        for (int i = 0; i < 2; i++)
        {
            HttpAnswer paused = (await PauseAsync(app, way, id)).Is(200);
            Assert.Equal("paused", paused.TaskStatus);
            Assert.Equal(2, paused.Member("version").GetInt32());
            Assert.Equal("1", paused.Header("Retry-After"));
        }

        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("queued", (await ResumeAsync(app, way, id)).Is(200).TaskStatus);
        }
    }

    [Theory]
    [InlineData("\"delay_seconds\":60", "scheduled")]
    [InlineData("", "blocked")]
    public async Task Resume_TaskThatWaited_GoesBackToItsPlace(string options, string place)
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = tasks => tasks.MaxConcurrency = 0 });
        string parent = await app.SubmitAsync("gate");
        string id = await app.SubmitAsync("gate", "{}", options.Length > 0 ? options : $"\"depends_on\":[\"{parent}\"]");
        (await PauseAsync(app, "POST", id)).Is(200);
        Assert.Equal(place, (await ResumeAsync(app, "POST", id)).Is(200).TaskStatus);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Pause_RunningTaskAtACheckpoint_Is200AndGoesOnAfterAResume(string way)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync("steps");
        Task<HttpAnswer> pausing = await app.BeginAsync(sender => PauseAsync(sender, way, id));
        app.Handlers.Step();
        HttpAnswer paused = (await pausing).Is(200);
        Assert.Equal("paused", paused.TaskStatus);
        Assert.False(paused.Member("pause_requested").GetBoolean());

        string resumed = (await ResumeAsync(app, way, id)).Is(200).TaskStatus;
        Assert.True(resumed is "queued" or "processing", resumed);
        await app.Handlers.SteppedAsync();
        HttpAnswer going = await app.GetAsync($"/tasks/{id}");
        Assert.Equal("processing", going.TaskStatus);
        Assert.Equal(1, going.Member("attempt").GetInt32());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Pause_RunningTaskFarFromACheckpoint_Is202AndCanBeTakenBack(string way)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync("steps");
        for (int i = 0; i < 2; i++)
        {
            Task<HttpAnswer> pausing = await app.BeginAsync(sender => PauseAsync(sender, way, id));
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            HttpAnswer asked = (await pausing).Is(202);
            Assert.Equal("processing", asked.TaskStatus);
            Assert.True(asked.Member("pause_requested").GetBoolean());
        }

        for (int i = 0; i < 2; i++)
        {
            HttpAnswer resumed = (await ResumeAsync(app, way, id)).Is(200);
            Assert.Equal("processing", resumed.TaskStatus);
            Assert.False(resumed.Member("pause_requested").GetBoolean());
        }

        app.Handlers.Step();
        await app.Handlers.SteppedAsync(); // the checkpoint did not suspend
    }

    [Fact]
    public async Task Pause_TaskEndsWithinTheSecond_Is409()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        Task<HttpAnswer> pausing = await app.BeginAsync(sender => sender.PostAsync($"/tasks/{id}/pause"));
        app.Handlers.Release();
        CancelTests.IsRefused(await pausing, "completed");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task PauseAndResume_EndedTask_Are409(string way)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string completed = await app.SubmitToEndAsync("echo");
        string failed = await app.SubmitToEndAsync("fail");
        CancelTests.IsRefused(await PauseAsync(app, way, completed), "completed");
        CancelTests.IsRefused(await ResumeAsync(app, way, completed), "completed");
        CancelTests.IsRefused(await PauseAsync(app, way, failed), "failed");
        CancelTests.IsRefused(await ResumeAsync(app, way, failed), "failed");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Resume_TaskThatIsNotPaused_Is409(string way)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        CancelTests.IsRefused(await ResumeAsync(app, way, await app.SubmitRunningAsync()), "processing");
        CancelTests.IsRefused(await ResumeAsync(app, way, await app.SubmitAsync("gate", "{}", "\"delay_seconds\":60")), "scheduled");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task PauseAndResume_UnknownTask_Are404(string way)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        const string Unknown = "01980000-0000-7000-8000-000000000000";
        (await PauseAsync(app, way, Unknown)).IsProblem(404, "task-not-found");
        (await ResumeAsync(app, way, Unknown)).IsProblem(404, "task-not-found");
    }

    private static Task<HttpAnswer> PauseAsync(HttpApp app, string way, string id) => way == "POST"
        ? app.PostAsync($"/tasks/{id}/pause")
        : app.PatchAsync($"/tasks/{id}/status", "{\"status\":\"paused\"}");

    private static Task<HttpAnswer> ResumeAsync(HttpApp app, string way, string id) => way == "POST"
        ? app.PostAsync($"/tasks/{id}/resume")
        : app.PatchAsync($"/tasks/{id}/status", "{\"status\":\"queued\"}");
}
