namespace TaskManager.Tests.AspNetCore.Endpoints;

/// <summary><c>GET /tasks/{id}/events</c>: what is sent, and when it ends.</summary>
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

    [Fact]
    public async Task Stream_OfNoTask_IsRefused()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string purged = await app.SubmitToEndAsync("echo");
        (await app.DeleteAsync($"/tasks/{purged}?purge=true")).Is(204);

        (await app.GetAsync($"/tasks/{purged}/events")).IsProblem(410, "task-removed");
        (await app.GetAsync("/tasks/01980000-0000-7000-8000-000000000000/events")).IsProblem(404, "task-not-found");
        (await app.GetAsync("/tasks/7/events")).IsInvalid("task_id");
        Assert.Equal(0, await EventApp.SubscribersAsync(app));
    }

    [Fact]
    public async Task Stream_AsManyReadersAsMay_IsRefusedUntilOneGoes()
    {
        await using HttpApp app = await EventApp.StartAsync(options => options.MaxSubscribers = 2);
        string id = await app.SubmitRunningAsync();
        await using EventStreamClient one = await EventStreamClient.OpenAsync(app, $"/tasks/{id}/events");
        await using (EventStreamClient all = await EventStreamClient.OpenAsync(app, "/tasks/events"))
        {
            foreach (string path in (string[])[$"/tasks/{id}/events", "/tasks/events"])
            {
                HttpAnswer refused = await app.GetAsync(path);
                refused.IsProblem(503, "too-many-waiters");
                Assert.True(refused.RetryAfter > 0);
            }

            Assert.Equal(2, await EventApp.SubscribersAsync(app));
        }

        await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) == 1);
        await using EventStreamClient next = await EventStreamClient.OpenAsync(app, "/tasks/events");
    }

    [Fact]
    public async Task Stream_CountsOnceAgainstTheLimitOfItsClient()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { RateLimit = limit => limit.PermitLimit = 3 });
        string id = await app.SubmitRunningAsync();
        await using EventStreamClient stream = await EventStreamClient.OpenAsync(app, $"/tasks/{id}/events");
        await stream.ReadAsync(2);

        Assert.Equal("\"default\";r=1;t=60", stream.Headers.GetValues("RateLimit").Single());
        (await app.GetAsync($"/tasks/{id}/events", ("Last-Event-ID", "x"), ("Accept", "image/png"))).Is(406);
        (await app.GetAsync($"/tasks/{id}/events")).IsProblem(429, "rate-limited");
    }

    [Theory]
    [InlineData("/tasks/events")]
    [InlineData("/tasks/{id}/events")]
    public async Task Stream_Accept_AdmitsTheStreamOrTheJsonOfItsRefusals(string path)
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        string address = path.Replace("{id}", id, StringComparison.Ordinal);
        foreach (string accept in (string[])["text/event-stream", "text/*", "*/*", "application/json", "application/json, text/html", "text/html, application/*;q=0.1"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, address);
            request.Headers.Accept.ParseAdd(accept);
            using HttpResponseMessage answer = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal((accept, 200), (accept, (int)answer.StatusCode));
        }

        foreach (string accept in (string[])["text/html", "*/*;q=0", "application/x-ndjson", "text/event-stream;q=0"])
        {
            (await app.GetAsync(address, ("Accept", accept))).IsProblem(406, "not-acceptable");
        }
    }

    [Theory]
    [InlineData("/tasks/events")]
    [InlineData("/tasks/{id}/events")]
    public async Task Head_SendsTheHeadersAloneAndSubscribesNobody(string path)
    {
        await using HttpApp app = await EventApp.StartAsync(options => options.MaxSubscribers = 1);
        string id = await app.SubmitRunningAsync();

        HttpAnswer answer = (await app.SendAsync(HttpMethod.Head, path.Replace("{id}", id, StringComparison.Ordinal))).Is(200);

        Assert.Equal(("text/event-stream", string.Empty), (answer.ContentType, answer.Text));
        Assert.Equal(0, await EventApp.SubscribersAsync(app));
        (await app.SendAsync(HttpMethod.Head, "/tasks/01980000-0000-7000-8000-000000000000/events")).Is(404);
    }
}
