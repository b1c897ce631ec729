using System.Net.WebSockets;
using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary><c>GET /tasks/ws</c>.</summary>
[Trait("Part", "socket")]
public sealed class SocketTests(ConformanceHost host) : WireTest(host)
{
    [Fact]
    public async Task Subscribe_ToATask_TellsTheEventsOfItsStreamAndThatItIsOver()
    {
        string id = await CompletedAsync(await StartWorkerAsync());
        List<ServerSentEvent> stream = await Wire.ReadStreamAsync($"/tasks/{id}/events");
        await using SocketClient socket = await ConnectAsync();

        await socket.SendAsync($$$"""{"subscribe":{"task_id":"{{{id}}}"}}""");

        List<JsonElement> messages = await socket.ReadAsync(stream.Count + 1);
        Assert.All(messages, message => Assert.Equal($$"""{"task_id":"{{id}}"}""", message.GetProperty(message.TryGetProperty("unsubscribed", out _) ? "unsubscribed" : "subscription").GetRawText()));
        Assert.Equal(
            stream.Select(e => (e.Id, e.Name, e.Data)),
            messages[..^1].Select(message => (message.GetProperty("id").GetString(), message.GetProperty("event").GetString(), (string?)message.GetProperty("data").GetRawText())));
        Assert.Equal("unsubscribed", SocketClient.Gist(messages[^1]));
    }

    [Fact]
    public async Task Subscribe_BehindAnEvent_TellsTheRest()
    {
        string id = await CompletedAsync(await StartWorkerAsync());
        string first = (await Wire.ReadStreamAsync($"/tasks/{id}/events"))[0].Id!;
        await using SocketClient socket = await ConnectAsync();

        await socket.SendAsync($$$"""{"subscribe":{"task_id":"{{{id}}}","last_event_id":"{{{first}}}"}}""");

        Assert.Equal(["status processing", "status completed", "unsubscribed"], (await socket.ReadAsync(3)).Select(SocketClient.Gist));
    }

    [Fact]
    public async Task Subscribe_ToATypeAndAStatus_TellsOfThatAlone()
    {
        WireWorker worker = await StartWorkerAsync();
        string last = (await Wire.ReadStreamAsync($"/tasks/{await CompletedAsync(worker)}/events"))[^1].Id!;
        await using SocketClient socket = await ConnectAsync();
        await FailedAsync(worker);
        string completed = await CompletedAsync(worker);

        await socket.SendAsync($$$"""{"subscribe":{"type":"{{{TaskType}}}","status":"completed","last_event_id":"{{{last}}}"}}""");

        JsonElement only = (await socket.NextAsync())!.Value;
        Assert.Equal(("status completed", completed), (SocketClient.Gist(only), IdOf(only.GetProperty("data"))));
    }

    [Theory]
    [InlineData("[]", "invalid-request")]
    [InlineData("{", "malformed-json")]
    [InlineData("""{"subscribe":{"status":"done"}}""", "invalid-request")]
    [InlineData($$$"""{"subscribe":{"task_id":"{{{UnknownId}}}"}}""", "task-not-found")]
    public async Task Message_Wrong_IsAProblemAndTheSocketStaysOpen(string message, string problem)
    {
        await using SocketClient socket = await ConnectAsync();

        for (int i = 0; i < 2; i++)
        {
            await socket.SendAsync(message);
            Assert.Equal($"problem {problem}", SocketClient.Gist((await socket.NextAsync())!.Value));
        }
    }

    [Fact]
    public async Task Close_ByTheClient_IsAnswered()
    {
        await using SocketClient socket = await ConnectAsync();

        await socket.CloseAsync();

        Assert.Equal(WebSocketState.Closed, socket.Socket.State);
    }

    [Fact]
    public async Task Get_WithoutAnUpgrade_Is400() => (await Wire.GetAsync("/tasks/ws")).IsProblem(400, "websocket-wanted");

    [Fact]
    public async Task Connect_FromAnotherSite_Is403() => (await Wire.GetAsync(
        "/tasks/ws", ("Origin", "https://elsewhere.example"), ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="))).IsProblem(403, "cross-site-request");

    private async Task<SocketClient> ConnectAsync()
    {
        var socket = new ClientWebSocket();
        Uri address = Wire.At("/tasks/ws");
        var client = new UriBuilder(address) { Scheme = address.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" };
        await socket.ConnectAsync(client.Uri, TestContext.Current.CancellationToken).WithPatienceAsync();
        return new SocketClient(socket);
    }
}
