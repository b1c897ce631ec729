namespace TaskManager.Tests.AspNetCore.Endpoints;

[Trait("Proof", "http")]
public sealed class EventDrainTests
{
    [Fact]
    public async Task Stream_ProcessShutsDown_EndsAtOnce()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitRunningAsync("stubborn");
        await using EventStreamClient one = await EventStreamClient.OpenAsync(app, $"/tasks/{id}/events");
        await using EventStreamClient all = await EventStreamClient.OpenAsync(app, "/tasks/events");
        Assert.Equal(["queued", "processing"], (await one.ReadAsync(2)).Select(e => e.Gist));

        Task stopping = app.Host.StopAsync(TestContext.Current.CancellationToken); // the task runs on: its drain takes as long as the clock stands

        Assert.Empty(await one.ReadToEndAsync());
        Assert.Empty(await all.ReadToEndAsync());
        Assert.Equal(0, await EventApp.SubscribersAsync(app));
        app.Handlers.Release();
        await stopping.WithPatienceAsync();
    }

    [Fact]
    public async Task Stream_BegunWhileTheProcessShutsDown_IsOneThatEnds()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitRunningAsync("stubborn");
        Task stopping = app.Host.StopAsync(TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => app.Tasks.Stopping.IsCancellationRequested);

        // A browser comes back to a stream that ends, and gives up one that is refused, or that is none.
        Assert.Empty(await EventStreamClient.ReadToEndAsync(app, "/tasks/events"));
        await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events");
        app.Handlers.Release();
        await stopping.WithPatienceAsync();
    }
}
