namespace TaskManager.Tests.AspNetCore.Endpoints;

/// <summary>Streams that are not opened, and those that are only asked about.</summary>
[Trait("Proof", "http")]
public sealed class EventRefusalTests
{
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
