using System.Text.Json;

namespace TaskManager.Tests.AspNetCore.Endpoints;

/// <summary><c>GET /tasks/ws</c>: what is heard of a subscription.</summary>
public sealed class EventSocketTests
{
    [Fact]
    public async Task Subscribe_ToATask_TellsItsWholeLifeAndThatItIsOver()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitToEndAsync("talk", EventApp.Lines("a\nb"));
        List<ServerSentEvent> stream = await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events");
        await using SocketClient client = await SocketClient.ConnectAsync(app);

        await client.SendAsync($$$"""{"subscribe":{"task_id":"{{{id}}}"}}""");

        List<JsonElement> messages = await client.ReadAsync(6);
        string subscription = $$"""{"task_id":"{{id}}"}""";
        Assert.Equal(stream.Select(e => $$"""{"subscription":{{subscription}},"id":"{{e.Id}}","event":"{{e.Name}}","data":{{e.Data}}}"""), messages[..5].Select(message => message.GetRawText()));
        Assert.Equal($$"""{"unsubscribed":{{subscription}}}""", messages[5].GetRawText());
        Assert.Equal(0, await EventApp.SubscribersAsync(app));
    }

    [Theory]
    [InlineData("""{}""", "queued echo", "processing echo", "completed echo", "queued fail", "processing fail", "failed fail")]
    [InlineData("""{"type":"fail"}""", "queued fail", "processing fail", "failed fail")]
    [InlineData("""{"status":"processing"}""", "processing echo", "processing fail")]
    [InlineData("""{"type":"fail","status":"failed"}""", "failed fail")]
    [InlineData("""{"type":null,"status":"completed","last_event_id":null}""", "completed echo")]
    public async Task Subscribe_ToAll_TellsFromNowOnWhatMatches(string subscription, params string[] told)
    {
        await using HttpApp app = await EventApp.StartAsync();
        await app.SubmitToEndAsync("fail");
        await using SocketClient client = await SocketClient.ConnectAsync(app);
        await SubscribeAsync(app, client, subscription);

        await app.SubmitToEndAsync("echo");
        await app.SubmitToEndAsync("fail");

        List<JsonElement> messages = await client.ReadAsync(told.Length);
        JsonElement named = messages[0].GetProperty("subscription");
        Assert.Equal(told.Select(gist => gist.Split(' ')[0]), messages.Select(message => message.GetProperty("data").GetProperty("status").GetString()));
        Assert.Equal(told.Select(gist => gist.Split(' ')[1]), messages.Select(message => message.GetProperty("data").GetProperty("task_type").GetString()));
        Assert.Equal(JsonElement.Parse(subscription).EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null).Select(member => member.Name), named.EnumerateObject().Select(member => member.Name));
        await AssertNothingIsLeftAsync(client);
    }

    [Fact]
    public async Task Subscribe_ToATaskAndAStatus_TellsOfThatAlone()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        string other = await app.SubmitRunningAsync();
        await using SocketClient client = await SocketClient.ConnectAsync(app);
        await SubscribeAsync(app, client, $$"""{"task_id":"{{id}}","status":"completed"}""");

        app.Handlers.Release();
        await app.UntilAsync(other, TaskState.Completed);
        await app.UntilAsync(id, TaskState.Completed);

        JsonElement only = (await client.NextAsync())!.Value;
        Assert.Equal(("status completed", id), (SocketClient.Gist(only), only.GetProperty("data").GetProperty("task_id").GetString()));
        await AssertNothingIsLeftAsync(client);
    }

    [Fact]
    public async Task Subscribe_SeveralTimes_TellsEachOfWhatItAsked()
    {
        await using HttpApp app = await EventApp.StartAsync();
        await using SocketClient client = await SocketClient.ConnectAsync(app);
        await SubscribeAsync(app, client, """{"type":"echo"}""");
        await SubscribeAsync(app, client, """{"status":"completed"}""");
        await client.SendAsync("""{"subscribe":{"type":"echo"}}"""); // the same once more is the same

        await app.SubmitToEndAsync("echo");

        List<JsonElement> messages = await client.ReadAsync(4);
        Assert.Equal(
            ["status completed", "status processing", "status queued"],
            messages.Where(message => message.GetProperty("subscription").TryGetProperty("type", out _)).Select(SocketClient.Gist).Order());
        Assert.Equal(["status completed"], messages.Where(message => message.GetProperty("subscription").TryGetProperty("status", out _)).Select(SocketClient.Gist));
        Assert.Equal(2, await EventApp.SubscribersAsync(app));
        await AssertNothingIsLeftAsync(client);
    }

    [Fact]
    public async Task Unsubscribe_EndsThatSubscriptionAlone()
    {
        await using HttpApp app = await EventApp.StartAsync();
        await using SocketClient client = await SocketClient.ConnectAsync(app);
        await SubscribeAsync(app, client, """{"type":"echo"}""");
        await SubscribeAsync(app, client, """{"type":"fail"}""");

        await client.SendAsync("""{"unsubscribe":{"type":"echo"}}""");
        await client.SendAsync("""{"unsubscribe":{"type":"gate"}}"""); // there is none: nothing happens
        await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) == 1);
        await app.SubmitToEndAsync("echo");
        await app.SubmitToEndAsync("fail");

        Assert.Equal(["status queued", "status processing", "status failed"], (await client.ReadAsync(3)).Select(SocketClient.Gist));
        await AssertNothingIsLeftAsync(client);
        await SubscribeAsync(app, client, """{"type":"echo"}"""); // it may come back
        await app.SubmitToEndAsync("echo");
        Assert.Equal("status queued", SocketClient.Gist((await client.NextAsync())!.Value));
    }

    [Fact]
    public async Task Resume_BehindAnEvent_TellsTheRestOnceAndInOrder()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitToEndAsync("talk", EventApp.Lines("a", "b", "c"));
        List<ServerSentEvent> all = await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events");
        await using SocketClient client = await SocketClient.ConnectAsync(app);
        for (int seen = 1; seen <= all.Count; seen++)
        {
            await client.SendAsync($$$"""{"subscribe":{"last_event_id":"{{{all[seen - 1].Id}}}","task_id":"{{{id}}}"}}""");
            List<JsonElement> rest = await client.ReadAsync(all.Count - seen + 1);
            Assert.Equal(all[seen..].Select(e => e.Id), rest[..^1].Select(message => message.GetProperty("id").GetString()));
            Assert.Equal("unsubscribed", SocketClient.Gist(rest[^1]));
        }

        await client.SendAsync($$$"""{"subscribe":{"type":"talk","last_event_id":"{{{all[1].Id}}}"}}""");
        Assert.Equal(all[2..].Select(e => e.Id), (await client.ReadAsync(all.Count - 2)).Select(message => message.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("00000000-1")]
    [InlineData("")]
    public async Task Resume_BehindWhatWasNeverGivenOut_IsAReset(string lastEventId)
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitToEndAsync("echo");
        await using SocketClient client = await SocketClient.ConnectAsync(app);

        await client.SendAsync($$$"""{"subscribe":{"task_id":"{{{id}}}","last_event_id":"{{{lastEventId}}}"}}""");
        await client.SendAsync($$$"""{"subscribe":{"last_event_id":"{{{lastEventId}}}"}}""");

        List<JsonElement> messages = await client.ReadAsync(3);
        JsonElement[] resets = [.. messages.Where(message => SocketClient.Gist(message) == "reset reset").Select(message => message.GetProperty("data"))];
        Assert.Equal(2, resets.Length);
        JsonElement task = (await app.GetAsync($"/tasks/{id}")).Json;
        Assert.Contains(resets, data => JsonElement.DeepEquals(data, task));
        Assert.Contains(resets, data => data.EnumerateObject().Select(member => member.Name).SequenceEqual(["at"]));
        Assert.Single(messages, message => SocketClient.Gist(message) == "unsubscribed");
    }

    [Fact]
    public async Task Subscribe_ToNoTask_IsAProblemAndTheSocketStaysOpen()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string purged = await app.SubmitToEndAsync("echo");
        (await app.DeleteAsync($"/tasks/{purged}?purge=true")).Is(204);
        await using SocketClient client = await SocketClient.ConnectAsync(app);

        await client.SendAsync("""{"subscribe":{"task_id":"01980000-0000-7000-8000-000000000000"}}""");
        JsonElement problem = (await client.NextAsync())!.Value.GetProperty("problem");
        Assert.Equal(("urn:taskmanager:problem:task-not-found", 404), (problem.GetProperty("type").GetString(), problem.GetProperty("status").GetInt32()));
        await client.SendAsync($$$"""{"subscribe":{"task_id":"{{{purged}}}"}}""");
        Assert.Equal("problem task-removed", SocketClient.Gist((await client.NextAsync())!.Value));
        await AssertNothingIsLeftAsync(client);
    }

    [Fact]
    public async Task Subscribe_AsManyAsMayBe_IsAProblemUntilOneGoes()
    {
        await using HttpApp app = await EventApp.StartAsync(options => options.MaxSubscribers = 1);
        await using SocketClient client = await SocketClient.ConnectAsync(app);
        await SubscribeAsync(app, client, """{"type":"echo"}""");
        await client.SendAsync("""{"subscribe":{}}""");
        Assert.Equal("problem too-many-waiters", SocketClient.Gist((await client.NextAsync())!.Value));

        await client.SendAsync("""{"unsubscribe":{"type":"echo"}}""");
        await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) == 0);
        await SubscribeAsync(app, client, "{}");
        await AssertNothingIsLeftAsync(client);
    }

    [Fact]
    public async Task Subscribe_OnOneSocket_IsBounded()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string[] types = [.. app.Tasks.Types.All.Select(type => type.Name)];
        string[] subscriptions = [.. types.SelectMany(type => TaskStates.All.Select(state => $$"""{"type":"{{type}}","status":"{{state.WireName()}}"}"""))];
        Assert.True(subscriptions.Length > 100);
        await using SocketClient client = await SocketClient.ConnectAsync(app);
        foreach (string subscription in subscriptions[..101])
        {
            await client.SendAsync($$"""{"subscribe":{{subscription}}}""");
        }

        JsonElement refused = (await client.NextAsync())!.Value;

        Assert.Equal("problem invalid-request", SocketClient.Gist(refused));
        Assert.Equal("must not come more than 100 times.", refused.GetProperty("problem").GetProperty("errors").GetProperty("subscribe")[0].GetString());
        await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) == 100);
    }

    /// <summary>Subscribes, and waits until it counts.</summary>
    internal static async Task SubscribeAsync(HttpApp app, SocketClient client, string subscription)
    {
        long before = await EventApp.SubscribersAsync(app);
        await client.SendAsync($$"""{"subscribe":{{subscription}}}""");
        await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) > before);
    }

    /// <summary>Asserts that nothing comes before the answer to what no message is.</summary>
    private static async Task AssertNothingIsLeftAsync(SocketClient client)
    {
        await client.SendAsync("[]");
        Assert.Equal("problem invalid-request", SocketClient.Gist((await client.NextAsync())!.Value));
    }
}
