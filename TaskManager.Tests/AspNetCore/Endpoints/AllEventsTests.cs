namespace TaskManager.Tests.AspNetCore.Endpoints;

/// <summary><c>GET /tasks/events</c>: the events of all tasks.</summary>
[Trait("Proof", "http")]
public sealed class AllEventsTests
{
    private const string Foreign = "00000000-1";

    [Fact]
    public async Task Stream_BeginsNowAndTellsOfEveryTask()
    {
        await using HttpApp app = await EventApp.StartAsync();
        await app.SubmitToEndAsync("echo");
        await using EventStreamClient stream = await EventStreamClient.OpenAsync(app, "/tasks/events");

        string first = await app.SubmitToEndAsync("talk", EventApp.Lines("hello"));
        string second = await app.SubmitToEndAsync("fail");

        List<ServerSentEvent> events = await stream.ReadAsync(8);
        Assert.Equal(["queued", "processing", "hello", "hello", "completed", "queued", "processing", "failed"], events.Select(e => e.Gist));
        Assert.Equal([.. Enumerable.Repeat(first, 5), .. Enumerable.Repeat(second, 3)], events.Select(e => e.Text("task_id")));
        Assert.Equal(Enumerable.Range((int)events[0].Number, 8), events.Select(e => (int)e.Number));
    }

    [Theory]
    [InlineData("?type=talk", "queued talk", "processing talk", "hi talk", "hi talk", "completed talk")]
    [InlineData("?status=completed", "completed echo", "completed talk")]
    [InlineData("?status=failed,queued", "queued echo", "queued talk", "queued fail", "failed fail")]
    [InlineData("?status=failed&status=queued&type=fail,echo", "queued echo", "queued fail", "failed fail")]
    [InlineData("?type=talk&status=processing&colour=red", "processing talk")]
    public async Task Stream_Filtered_TellsOfThatAlone(string query, params string[] told)
    {
        await using HttpApp app = await EventApp.StartAsync();
        await using EventStreamClient stream = await EventStreamClient.OpenAsync(app, $"/tasks/events{query}");
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string type, string parameters) in ((string, string)[])[("echo", "1"), ("talk", EventApp.Lines("hi")), ("fail", "{}")])
        {
            types.Add(await app.SubmitToEndAsync(type, parameters), type);
        }

        Assert.Equal(told, (await stream.ReadAsync(told.Length)).Select(e => $"{e.Gist} {types[e.Text("task_id")]}"));

        // Nothing else was left over: the next event is that of a task which comes later.
        string lastType = told[^1].Split(' ')[1];
        string last = await app.SubmitToEndAsync(lastType, lastType == "fail" ? "{}" : EventApp.Lines("hi"));
        Assert.Equal(last, (await stream.NextAsync())!.Text("task_id"));
    }

    [Theory]
    [InlineData("?status=done", "status")]
    [InlineData("?status=Completed", "status")]
    [InlineData("?status=", "status")]
    [InlineData("?status=failed,", "status")]
    [InlineData("?type=unknown", "type")]
    [InlineData("?type=ECHO", "type")]
    [InlineData("?type=", "type")]
    [InlineData("?type=echo,x&status=1", "status", "type")]
    public async Task Stream_UnknownFilterValue_NamesIt(string query, params string[] fields)
    {
        await using HttpApp app = await EventApp.StartAsync();

        (await app.GetAsync($"/tasks/events{query}")).IsInvalid(fields);

        Assert.Equal(400, (await app.SendAsync(HttpMethod.Head, $"/tasks/events{query}")).Status);
        Assert.Equal(0, await EventApp.SubscribersAsync(app));
    }

    [Fact]
    public async Task Resume_AfterACut_GivesEachEventOnceAndInOrder()
    {
        await using HttpApp app = await EventApp.StartAsync();
        var whole = new List<ServerSentEvent>();
        await using EventStreamClient witness = await EventStreamClient.OpenAsync(app, "/tasks/events?type=talk");
        string? last = null;
        for (int i = 0; i < 10; i++)
        {
            await app.SubmitToEndAsync("talk", EventApp.Lines($"line {i}")); // five events, also while nobody reads
            await app.SubmitToEndAsync("echo");
            await using EventStreamClient stream = await EventStreamClient.OpenAsync(app, "/tasks/events?type=talk", last);
            if (last is null)
            {
                await app.SubmitToEndAsync("talk", EventApp.Lines("first"));
            }

            whole.AddRange(await stream.ReadAsync(4));
            last = whole[^1].Id;
        }

        List<ServerSentEvent> seen = await witness.ReadAsync(45);
        Assert.Equal(seen[5..], whole);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData(Foreign)]
    [InlineData("{own}-999999")]
    public async Task Resume_BehindWhatWasNeverGivenOut_IsAResetAndGoesOnFromNow(string lastEventId)
    {
        await using HttpApp app = await EventApp.StartAsync();
        string before = await app.SubmitToEndAsync("echo");
        string own = (await EventStreamClient.ReadToEndAsync(app, $"/tasks/{before}/events"))[^1].Id!;
        await using EventStreamClient stream = await EventStreamClient.OpenAsync(app, "/tasks/events?type=echo&status=completed", lastEventId.Replace("{own}", own[..8], StringComparison.Ordinal));

        ServerSentEvent reset = (await stream.NextAsync())!;

        Assert.Equal(("reset", own), (reset.Name, reset.Id));
        Assert.Equal(["at"], reset.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(await app.SubmitToEndAsync("echo"), (await stream.NextAsync())!.Text("task_id"));
    }

    [Fact]
    public async Task Resume_EventsThatAreKeptNoMore_IsAReset()
    {
        await using HttpApp app = await EventApp.StartAsync(options => options.MaxEvents = 1024);
        string before = await app.SubmitToEndAsync("echo");
        string first = (await EventStreamClient.ReadToEndAsync(app, $"/tasks/{before}/events"))[0].Id!;
        await using EventStreamClient kept = await EventStreamClient.OpenAsync(app, "/tasks/events", first);
        Assert.Equal("processing", (await kept.NextAsync())!.Gist);

        for (int i = 0; i < 6; i++)
        {
            await app.SubmitToEndAsync("talk", EventApp.Lines([.. Enumerable.Repeat("x", 195)])); // a bit less than 200 events
        }

        await using EventStreamClient lost = await EventStreamClient.OpenAsync(app, "/tasks/events", first);
        Assert.Equal("reset", (await lost.NextAsync())!.Gist);
    }
}
