namespace TaskManager.Tests.AspNetCore.Endpoints;

/// <summary>A silent stream: its headers come at once, and a comment every 15 seconds.</summary>
[Trait("Proof", "http")]
public sealed class EventPingTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_NothingHappens_SendsItsHeadersAtOnceAndPings(bool onKestrel)
    {
        await using HttpApp app = await EventApp.StartAsync(onKestrel: onKestrel);
        int timers = app.Clock.ActiveTimers;
        await using EventStreamClient stream = await EventStreamClient.OpenAsync(app, "/tasks/events");
        Assert.True(stream.Headers.CacheControl is { NoStore: true, NoCache: true });
        Assert.Equal(["nosniff"], stream.Headers.GetValues("X-Content-Type-Options"));

        for (int i = 0; i < 3; i++)
        {
            await Patience.UntilAsync(() => app.Clock.ActiveTimers > timers);
            app.Clock.Advance(PingEvery - Tick);
            Assert.True(app.Clock.ActiveTimers > timers, "The ping came too soon.");
            app.Clock.Advance(Tick);
            Assert.Equal("ping", (await stream.NextAsync())!.Comment);
        }
    }

    [Fact]
    public async Task Stream_OfATaskThatSaysNothing_Pings()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        int timers = app.Clock.ActiveTimers;
        await using EventStreamClient stream = await EventStreamClient.OpenAsync(app, $"/tasks/{id}/events");
        await stream.ReadAsync(2);
        await Patience.UntilAsync(() => app.Clock.ActiveTimers > timers);

        app.Clock.Advance(PingEvery);

        Assert.Equal("ping", (await stream.NextAsync())!.Comment);
        app.Handlers.Release();
        Assert.Equal(["completed"], (await stream.ReadToEndAsync()).Select(e => e.Gist));
    }

    [Fact]
    public async Task Stream_SomethingHappensInTime_SendsNoPing()
    {
        await using HttpApp app = await EventApp.StartAsync();
        int timers = app.Clock.ActiveTimers;
        await using EventStreamClient stream = await EventStreamClient.OpenAsync(app, "/tasks/events");
        await Patience.UntilAsync(() => app.Clock.ActiveTimers > timers);
        app.Clock.Advance(PingEvery - Tick);

        await app.SubmitToEndAsync("echo");

        Assert.Equal(["queued", "processing", "completed"], (await stream.ReadAsync(3)).Select(e => e.Gist));
    }
}
