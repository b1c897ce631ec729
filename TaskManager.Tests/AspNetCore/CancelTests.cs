namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class CancelTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Gets every way to ask for a cancel.</summary>
    public static TheoryData<string> Ways => ["POST", "DELETE", "PATCH"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Cancel_TaskThatWaits_TakesEffectAndRepeats(string way)
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 0 });
        foreach (string options in (string[])["\"tags\":[]", "\"delay_seconds\":60", $"\"depends_on\":[\"{await app.SubmitAsync("gate")}\"]"])
        {
            string id = await app.SubmitAsync("gate", "{}", options);
            for (int i = 0; i < 2; i++)
            {
                HttpAnswer answer = (await CancelAsync(app, way, id)).Is(200);
                Assert.Equal("cancelled", answer.TaskStatus);
                Assert.Equal(0, answer.Member("attempt").GetInt32());
                Assert.Equal(2, answer.Member("version").GetInt32());
                Assert.False(answer.Member("cancel_requested").GetBoolean());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Cancel_RunningTaskThatStops_Is200(string way)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        HttpAnswer answer = (await CancelAsync(app, way, id)).Is(200);
        Assert.Equal("cancelled", answer.TaskStatus);
        Assert.Equal("cancelled", answer.Member("attempts")[0].GetProperty("outcome").GetString());
        Assert.Null(answer.Header("Retry-After"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Cancel_RunningTaskThatDoesNotStopInTime_Is202AndTheFlag(string way)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync("stubborn");
        for (int i = 0; i < 2; i++)
        {
            Task<HttpAnswer> asked = await app.BeginAsync(sender => CancelAsync(sender, way, id));
            app.Clock.Advance(Second);
            HttpAnswer answer = (await asked).Is(202);
            Assert.Equal("processing", answer.TaskStatus);
            Assert.True(answer.Member("cancel_requested").GetBoolean());
            Assert.Equal(3, answer.Member("version").GetInt32());
            Assert.Equal("1", answer.Header("Retry-After"));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Cancel_TaskCompletesWithinTheSecond_Is409(string way)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync("stubborn");
        Task<HttpAnswer> asked = await app.BeginAsync(sender => CancelAsync(sender, way, id));
        app.Handlers.Release();
        IsRefused(await asked, "completed");
        Assert.Equal("completed", (await app.GetAsync($"/tasks/{id}")).TaskStatus);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Cancel_EndedTask_Is409(string way)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        IsRefused(await CancelAsync(app, way, await app.SubmitToEndAsync("echo")), "completed");
        IsRefused(await CancelAsync(app, way, await app.SubmitToEndAsync("fail")), "failed");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Cancel_SuspendedTask_Is200(string way)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync("steps");
        Task<HttpAnswer> pausing = await app.BeginAsync(sender => sender.PostAsync($"/tasks/{id}/pause"));
        app.Handlers.Step();
        (await pausing).Is(200);
        Assert.Equal("cancelled", (await CancelAsync(app, way, id)).Is(200).TaskStatus);
    }

    [Fact]
    public async Task Cancel_Parent_CancelsWhatDependsOnIt()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 0 });
        string parent = await app.SubmitAsync("gate");
        string child = await app.SubmitAsync("gate", "{}", $"\"depends_on\":[\"{parent}\"]");
        string grandchild = await app.SubmitAsync("gate", "{}", $"\"depends_on\":[\"{child}\"]");
        (await app.PostAsync($"/tasks/{parent}/cancel")).Is(200);
        HttpAnswer last = await app.GetAsync($"/tasks/{grandchild}");
        Assert.Equal("cancelled", last.TaskStatus);
        Assert.Equal("dependency_failed", last.Member("error").GetProperty("code").GetString());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Cancel_UnknownTask_Is404(string way)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await CancelAsync(app, way, "01980000-0000-7000-8000-000000000000")).IsProblem(404, "task-not-found");
    }

    internal static Task<HttpAnswer> CancelAsync(HttpApp app, string way, string id) => way switch
    {
        "POST" => app.PostAsync($"/tasks/{id}/cancel"),
        "DELETE" => app.DeleteAsync($"/tasks/{id}"),
        _ => app.PatchAsync($"/tasks/{id}/status", "{\"status\":\"cancelled\"}"),
    };

    internal static void IsRefused(HttpAnswer answer, string current, string problem = "move-refused") =>
        Assert.Equal(current, answer.IsProblem(409, problem).GetProperty("current_status").GetString());
}
