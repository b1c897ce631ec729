using System.Globalization;

namespace TaskManager.Tests.AspNetCore;

/// <summary><c>delay_seconds</c> and <c>run_at</c> over the wire, on a clock that a test moves.</summary>
[Trait("Proof", "http")]
public sealed class ScheduleTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Theory]
    [InlineData("0.25", 0.25)]
    [InlineData("60", 60)]
    [InlineData("5184000", 5_184_000)] // 60 days: more than a timer can wait
    public async Task Delay_EndsExactlyThen(string delay, double seconds)
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 0 });
        HttpAnswer submitted = (await app.PostAsync("/tasks", $$"""{"task_type":"echo","parameters":1,"delay_seconds":{{delay}}}""")).Is(202);
        string until = Shown(app.Clock.GetUtcNow() + TimeSpan.FromSeconds(seconds));
        Assert.Equal(("scheduled", $$"""{"reason":"run_at","until":"{{until}}"}"""), (submitted.TaskStatus, submitted.Member("waiting_for").GetRawText()));

        app.Clock.Advance(TimeSpan.FromSeconds(seconds) - Tick);
        Assert.Equal("scheduled", (await app.GetAsync($"/tasks/{submitted.Id}")).TaskStatus);
        app.Clock.Advance(Tick);
        await app.UntilAsync(submitted.Id, TaskState.Queued);
    }

    [Theory]
    [InlineData("5.184e6", "2026-03-02T00:00:00Z")]
    [InlineData("3155760000", "2126-01-02T00:00:00Z")] // 100 years
    public async Task Delay_HoweverLong_IsCarried(string delay, string until)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer submitted = (await app.PostAsync("/tasks", $$"""{"task_type":"gate","delay_seconds":{{delay}}}""")).Is(202);
        Assert.Equal(("scheduled", until), (submitted.TaskStatus, submitted.Member("waiting_for").GetProperty("until").GetString()));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-0.0")]
    [InlineData("1e-9")]
    public async Task Delay_OfNothing_IsNone(string delay)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        Assert.Equal("queued", (await app.PostAsync("/tasks", $$"""{"task_type":"gate","delay_seconds":{{delay}}}""")).Is(202).TaskStatus);
    }

    [Theory]
    [InlineData("2026-01-01T00:00:30Z", "2026-01-01T00:00:30Z")]
    [InlineData("2026-03-02T12:00:00.5+02:00", "2026-03-02T10:00:00.5Z")] // 60 days and more
    public async Task RunAt_BecomesDueExactlyThen(string runAt, string shown)
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 0 });
        HttpAnswer submitted = (await app.PostAsync("/tasks", $$"""{"task_type":"echo","parameters":1,"run_at":"{{runAt}}"}""")).Is(202);
        Assert.Equal(("scheduled", shown), (submitted.TaskStatus, submitted.Member("run_at").GetString()));
        Assert.Equal($$"""{"reason":"run_at","until":"{{shown}}"}""", submitted.Member("waiting_for").GetRawText());

        app.Clock.Advance(DateTimeOffset.Parse(runAt, CultureInfo.InvariantCulture) - app.Clock.GetUtcNow() - Tick);
        Assert.Equal("scheduled", (await app.GetAsync($"/tasks/{submitted.Id}")).TaskStatus);
        app.Clock.Advance(Tick);
        await app.UntilAsync(submitted.Id, TaskState.Queued);
    }

    [Fact]
    public async Task RunAt_WallClockIsSet_IsMetByTheWallAndADelayIsNot()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 0 });
        string atNoon = await app.SubmitAsync("gate", "{}", "\"run_at\":\"2026-01-01T12:00:00Z\"");
        string afterHours = await app.SubmitAsync("gate", "{}", "\"delay_seconds\":43200");

        app.Clock.JumpWall(TimeSpan.FromHours(13));
        app.Clock.Advance(TimeSpan.FromSeconds(1)); // the sweep that looks at the wall

        await app.UntilAsync(atNoon, TaskState.Queued);
        Assert.Equal("scheduled", (await app.GetAsync($"/tasks/{afterHours}")).TaskStatus);
    }

    [Theory]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public async Task RunAt_AtTheEndOfTime_IsCarriedAndHoldsUpNobody(string runAt)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string never = await app.SubmitAsync("gate", "{}", $"\"run_at\":\"{runAt}\"");
        string soon = await app.SubmitAsync("echo", "1", "\"delay_seconds\":1");
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await app.UntilAsync(soon, TaskState.Completed);

        app.Clock.Advance(TimeSpan.FromDays(2)); // no wait is longer than a day

        HttpAnswer task = await app.GetAsync($"/tasks/{never}");
        Assert.Equal(("scheduled", runAt), (task.TaskStatus, task.Member("waiting_for").GetProperty("until").GetString()));
        Assert.Equal("cancelled", (await app.DeleteAsync($"/tasks/{never}")).Is(200).TaskStatus);
    }

    [Theory]
    [InlineData("\"10000-01-01T00:00:00Z\"")]
    [InlineData("\"2026-02-30T00:00:00Z\"")]
    [InlineData("\"2026-01-01T25:00:00Z\"")]
    [InlineData("\"2026-01-01T00:00:00+25:00\"")]
    [InlineData("\"0001-01-01T00:00:00+01:00\"")]
    [InlineData("\"2026-01-01 00:00:00Z\"")]
    [InlineData("\"Thu, 01 Jan 2026 00:00:00 GMT\"")]
    [InlineData("\"\"")]
    [InlineData("true")]
    [InlineData("{}")]
    public async Task RunAt_NoMoment_IsRefused(string runAt)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.PostAsync("/tasks", $$"""{"task_type":"gate","run_at":{{runAt}}}""")).IsInvalid("run_at");
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("-1e-9")]
    [InlineData("3155760000.1")]
    [InlineData("1e308")]
    [InlineData("\"60\"")]
    [InlineData("true")]
    [InlineData("[60]")]
    public async Task Delay_NoDelay_IsRefused(string delay)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.PostAsync("/tasks", $$"""{"task_type":"gate","delay_seconds":{{delay}}}""")).IsInvalid("delay_seconds");
    }

    private static string Shown(DateTimeOffset moment) => System.Text.Json.JsonSerializer.Serialize(moment.UtcDateTime).Trim('"');
}
