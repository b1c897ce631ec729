using System.Net.WebSockets;
using System.Text.Json;

namespace TaskManager.Tests.AspNetCore.Endpoints;

/// <summary>Clients that do not read, on a real server: they hold up nobody, lose nothing that they are not told of, and come back to where they were.</summary>
[Trait("Proof", "http")]
public sealed class SlowReaderTests
{
    private const int FewEvents = 1024;
    private const int EventsOfOneLine = 5; // queued, processing, progress, log, completed

    [Theory]
    [InlineData("/tasks/events")]
    [InlineData("/tasks/events?type=talk")]
    public async Task Stream_ReaderFallsTooFarBehind_IsCutOffWithTheIdToResumeFrom(string path)
    {
        await using HttpApp app = await EventApp.StartAsync(options => options.MaxEvents = FewEvents, onKestrel: true);
        using HttpClient slow = SlowConnection.NewClient(app.Address);
        await using EventStreamClient stream = await EventStreamClient.OpenAsync(slow, path);

        await app.SubmitToEndAsync("talk", EventApp.Lines("first"));
        List<ServerSentEvent> events = await stream.ReadAsync(EventsOfOneLine); // so that it has a place to fall behind
        await FloodAsync(app); // nobody waits for the reader
        events.AddRange(await stream.ReadToEndAsync());

        ServerSentEvent cut = events[^1];
        events.RemoveAt(events.Count - 1);
        Assert.Equal(("too slow; resume from here", events[^1].Id), (cut.Comment, cut.Id));
        Assert.Equal(Enumerable.Range((int)events[0].Number, events.Count), events.Select(e => (int)e.Number));
        Assert.Equal(0, await EventApp.SubscribersAsync(app));

        await using EventStreamClient back = await EventStreamClient.OpenAsync(slow, path, cut.Id);
        ServerSentEvent reset = (await back.NextAsync())!;
        Assert.Equal("reset", reset.Name);
        await app.SubmitToEndAsync("talk", EventApp.Lines("at last"));
        Assert.Equal("queued", (await back.NextAsync())!.Gist);
    }

    [Fact]
    public async Task Stream_ReaderComesBackInTime_LosesNothing()
    {
        await using HttpApp app = await EventApp.StartAsync(onKestrel: true);
        using HttpClient slow = SlowConnection.NewClient(app.Address);
        await using EventStreamClient stream = await EventStreamClient.OpenAsync(slow, "/tasks/events");

        int events = await FloodAsync(app);

        List<ServerSentEvent> read = await stream.ReadAsync(events);
        Assert.Equal(Enumerable.Range((int)read[0].Number, events), read.Select(e => (int)e.Number));
    }

    [Fact]
    public async Task Socket_ReaderFallsTooFarBehind_IsClosedWithTheIdToResumeFrom()
    {
        await using HttpApp app = await EventApp.StartAsync(options => options.MaxEvents = FewEvents, onKestrel: true);
        await using SocketClient client = await SocketClient.ConnectAsync(app.Address);
        await EventSocketTests.SubscribeAsync(app, client, "{}");

        await app.SubmitToEndAsync("talk", EventApp.Lines("first"));
        var ids = new List<string>();
        while (ids.Count < EventsOfOneLine)
        {
            ids.Add((await client.NextAsync())!.Value.GetProperty("id").GetString()!);
        }

        await FloodAsync(app);
        while (await client.NextAsync() is { } message)
        {
            ids.Add(message.GetProperty("id").GetString()!);
        }

        Assert.Equal(((WebSocketCloseStatus)1013, $"Too slow; resume from {ids[^1]}."), (client.Socket.CloseStatus!.Value, client.Socket.CloseStatusDescription));
        Assert.Equal(ids.Distinct(), ids);
        await client.CloseAsync();
        await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) == 0);
    }

    [Fact]
    public async Task Socket_ReaderUnsubscribesFromWhatItCannotFollow_KeepsItsOtherSubscriptions()
    {
        await using HttpApp app = await EventApp.StartAsync(onKestrel: true);
        await using SocketClient client = await SocketClient.ConnectAsync(app.Address);
        await EventSocketTests.SubscribeAsync(app, client, """{"type":"talk"}""");
        await EventSocketTests.SubscribeAsync(app, client, """{"type":"echo"}""");
        int events = await FloodAsync(app);

        await client.SendAsync("""{"unsubscribe":{"type":"talk"}}""");
        await app.SubmitToEndAsync("echo");

        int before = 0;
        string last = string.Empty;
        for (int echoes = 0; echoes < 3; before++)
        {
            JsonElement message = (await client.NextAsync())!.Value;
            last = SocketClient.Gist(message);
            echoes += message.GetProperty("subscription").GetProperty("type").GetString() == "echo" ? 1 : 0;
        }

        Assert.Equal("status completed", last);
        Assert.True(before < events, "It was told of everything, although it did not wish to.");
    }

    [Fact]
    public async Task Socket_ReaderDoesNotRead_HoldsUpNoShutdown()
    {
        await using HttpApp app = await EventApp.StartAsync(onKestrel: true);
        await using SocketClient client = await SocketClient.ConnectAsync(app.Address);
        await EventSocketTests.SubscribeAsync(app, client, "{}");
        await FloodAsync(app);

        Task stopping = app.Host.StopAsync(TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() =>
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            return stopping.IsCompleted;
        });

        await stopping;
    }

    /// <summary>Lets so much happen that no buffer on the way to a client takes it in: 16 MB.</summary>
    /// <returns>How many events that were.</returns>
    private static async Task<int> FloodAsync(HttpApp app)
    {
        const int Tasks = 22;
        const int Lines = 190;
        const int Others = 5; // queued, processing, the first and the last progress, completed
        var talk = new Talk([.. Enumerable.Repeat(new string('x', 4000), Lines)]);
        var tasks = new List<TaskHandle>();
        for (int i = 0; i < Tasks; i++)
        {
            tasks.Add(await app.Tasks.SubmitAsync("talk", talk));
        }

        foreach (TaskHandle task in tasks)
        {
            Assert.Equal(TaskState.Completed, (await task.WhenEndedAsync().WithPatienceAsync()).State);
        }

        return Tasks * (Lines + Others);
    }
}
