using System.Text.Json;

namespace TaskManager.Tests.AspNetCore.Endpoints;

/// <summary><c>GET /tasks/ws</c>: what a subscription begins behind.</summary>
[Trait("Proof", "http")]
public sealed class EventSocketResumeTests
{
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
    public async Task Subscribe_AsSoonAsTheLastOneIsOver_IsANewOne()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitToEndAsync("echo");
        await using SocketClient client = await SocketClient.ConnectAsync(app);
        for (int i = 0; i < 300; i++)
        {
            await client.SendAsync($$$"""{"subscribe":{"task_id":"{{{id}}}"}}""");
            Assert.Equal("unsubscribed", SocketClient.Gist((await client.ReadAsync(4))[^1]));
        }
    }
}
