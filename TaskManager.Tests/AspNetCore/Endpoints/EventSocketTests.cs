using System.Text.Json;

namespace TaskManager.Tests.AspNetCore.Endpoints;

/// <summary><c>GET /tasks/ws</c>: what is heard of a subscription.</summary>
[Trait("Proof", "http")]
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

    /// <summary>Subscribes, and waits until it counts.</summary>
    internal static async Task SubscribeAsync(HttpApp app, SocketClient client, string subscription)
    {
        long before = await EventApp.SubscribersAsync(app);
        await client.SendAsync($$"""{"subscribe":{{subscription}}}""");
        await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) > before);
    }

    /// <summary>Asserts that nothing comes before the answer to what no message is.</summary>
    internal static async Task AssertNothingIsLeftAsync(SocketClient client)
    {
        await client.SendAsync("[]");
        Assert.Equal("problem invalid-request", SocketClient.Gist((await client.NextAsync())!.Value));
    }
}
