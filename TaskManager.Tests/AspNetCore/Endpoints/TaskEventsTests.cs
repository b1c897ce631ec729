namespace TaskManager.Tests.AspNetCore.Endpoints;

/// <summary><c>GET /tasks/{id}/events</c>: what is sent, and when it ends.</summary>
[Trait("Proof", "http")]
public sealed class TaskEventsTests
{
    [Fact]
    public async Task Stream_OfAnEndedTask_TellsItsWholeLifeInOrderAndEnds()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitToEndAsync("talk", EventApp.Lines("one", "two", "three"));

        List<ServerSentEvent> events = await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events");

        Assert.Equal(["queued", "processing", "one", "one", "two", "three", "three", "completed"], events.Select(e => e.Gist));
        Assert.Equal(["status", "status", "progress", "log", "log", "log", "progress", "status"], events.Select(e => e.Name));
        Assert.Equal(events.Select(e => e.Number).Distinct().Order(), events.Select(e => e.Number));
        Assert.Single(events.Select(e => e.Id!.Split('-')[0]).Distinct());
        Assert.All(events, e => Assert.Equal(id, e.Text("task_id")));
    }

    [Fact]
    public async Task Stream_EachKindOfEvent_CarriesItsMembers()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitToEndAsync("talk", """{"lines":["a"],"level":"warning","error":"b"}""");

        List<ServerSentEvent> events = await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events");

        string at = app.Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(
            [
                $$"""{"task_id":"{{id}}","task_type":"talk","status":"queued","version":1,"attempt":0,"at":"{{at}}"}""",
                $$"""{"task_id":"{{id}}","task_type":"talk","status":"processing","version":2,"attempt":1,"at":"{{at}}"}""",
                $$$"""{"task_id":"{{{id}}}","progress":{"step":1,"total":1,"percent":100,"message":"a"},"at":"{{{at}}}"}""",
                $$"""{"task_id":"{{id}}","level":"warning","message":"a","at":"{{at}}"}""",
                $$$"""{"task_id":"{{{id}}}","task_type":"talk","status":"failed","version":3,"attempt":1,"error":{"code":"handler_failed","message":"b","type":"System.InvalidOperationException"},"at":"{{{at}}}"}""",
            ],
            events.Select(e => e.Data));
    }

    [Fact]
    public async Task Stream_OfARunningTask_GivesEachEventAsItHappens()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitRunningAsync("steps");
        await using EventStreamClient stream = await EventStreamClient.OpenAsync(app, $"/tasks/{id}/events");
        Assert.Equal(["queued", "processing"], (await stream.ReadAsync(2)).Select(e => e.Gist));

        for (int step = 1; step <= 4; step++)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1)); // reports that follow each other quickly would be merged
            app.Handlers.Step();
            Assert.Equal($"step {step}", (await stream.NextAsync())!.Gist);
        }

        Assert.Equal("completed", (await stream.NextAsync())!.Gist);
        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task Stream_ManyReadersOfOneTask_AllGetTheSame()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        Task<List<ServerSentEvent>>[] readers = [.. Enumerable.Range(0, 50).Select(_ => EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events"))];
        await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) == readers.Length);

        app.Handlers.Release();
        List<ServerSentEvent>[] streams = await Task.WhenAll(readers);

        Assert.Equal(["queued", "processing", "completed"], streams[0].Select(e => e.Gist));
        Assert.All(streams, events => Assert.Equal(streams[0], events));
        await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) == 0);
    }

    [Fact]
    public async Task Stream_RetriedTask_GoesOnBehindItsFirstEnd()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitToEndAsync("flaky", """{"failures":1}""", "\"max_attempts\":1");
        List<ServerSentEvent> first = await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events");
        (await app.PostAsync($"/tasks/{id}/retry")).Is(200);

        List<ServerSentEvent> second = await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events", first[^1].Id);

        Assert.Equal(["queued", "processing", "failed"], first.Select(e => e.Gist));
        Assert.Equal(["queued", "processing", "completed"], second.Select(e => e.Gist));
    }

    [Fact]
    public async Task Stream_ReaderGoes_LeavesNoSubscriberBehind()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        await using (EventStreamClient one = await EventStreamClient.OpenAsync(app, $"/tasks/{id}/events"))
        await using (EventStreamClient all = await EventStreamClient.OpenAsync(app, "/tasks/events"))
        {
            Assert.Equal(2, await EventApp.SubscribersAsync(app));
        }

        await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) == 0);
    }
}
