using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace TaskManager.Tests.AspNetCore.Endpoints;

/// <summary>What comes in over a WebSocket and is no message.</summary>
[Trait("Proof", "http")]
public sealed class EventSocketMessageTests
{
    public static TheoryData<string> Malformed => [.. JsonBodies.MalformedNames];

    [Theory]
    [InlineData("[]", "message")]
    [InlineData("null", "message")]
    [InlineData("7", "message")]
    [InlineData("\"subscribe\"", "message")]
    [InlineData("{}", "message")]
    [InlineData("""{"Subscribe":{}}""", "message")]
    [InlineData("""{"publish":{}}""", "message")]
    [InlineData("""{"subscribe":null}""", "message")]
    [InlineData("""{"subscribe":[]}""", "message")]
    [InlineData("""{"subscribe":"x"}""", "message")]
    [InlineData("""{"subscribe":{},"unsubscribe":{}}""", "message")]
    [InlineData("""{"subscribe":{},"x":1}""", "message")]
    [InlineData("""{"x":1,"subscribe":{}}""", "message")]
    [InlineData("""{"subscribe":{"task_id":"x"}}""", "task_id")]
    [InlineData("""{"subscribe":{"task_id":" 01980000-0000-7000-8000-000000000000"}}""", "task_id")]
    [InlineData("""{"subscribe":{"task_id":"{01980000-0000-7000-8000-000000000000}"}}""", "task_id")]
    [InlineData("""{"subscribe":{"task_id":5,"type":[],"status":{"a":1},"last_event_id":true}}""", "last_event_id", "status", "task_id", "type")]
    [InlineData("""{"subscribe":{"type":"ECHO","status":"done"}}""", "status", "type")]
    [InlineData("""{"unsubscribe":{"type":""}}""", "type")]
    [InlineData("""{"subscribe":{"colour":"red"}}""", "colour")]
    [InlineData("""{"subscribe":{"colour":null}}""", "colour")]
    [InlineData("""{"subscribe":{"colour":{"a":[1]},"status":"x"}}""", "colour", "status")]
    [InlineData("""{"subscribe":{"task_ids":["a"]}}""", "task_ids")]
    public async Task Message_WrongValue_IsAProblemThatNamesItAndTheSocketStaysOpen(string message, params string[] fields)
    {
        await using HttpApp app = await EventApp.StartAsync();
        await using SocketClient client = await SocketClient.ConnectAsync(app);

        await client.SendAsync(message);

        JsonElement problem = (await client.NextAsync())!.Value.GetProperty("problem");
        Assert.Equal("urn:taskmanager:problem:invalid-request", problem.GetProperty("type").GetString());
        Assert.Equal(400, problem.GetProperty("status").GetInt32());
        Assert.Equal(fields, HttpAnswer.ErrorFields(problem));
        Assert.Equal(0, await EventApp.SubscribersAsync(app));
        await EventSocketTests.SubscribeAsync(app, client, "{}");
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Message_MalformedJson_IsReportedAlone(string name)
    {
        byte[] message = JsonBodies.Get(name);
        await using HttpApp app = await EventApp.StartAsync();
        await using SocketClient client = await SocketClient.ConnectAsync(app);

        await client.SendAsync(message.Length <= 4096 ? message : message[..4096], WebSocketMessageType.Text);

        JsonElement answer = (await client.NextAsync())!.Value;
        Assert.Equal("problem malformed-json", SocketClient.Gist(answer));
        Assert.False(answer.GetProperty("problem").TryGetProperty("errors", out _));
        await EventSocketTests.SubscribeAsync(app, client, "{}");
    }

    [Theory]
    [InlineData("""{"subscribe":{}}x""")]
    [InlineData("""{"subscribe":{}}{"subscribe":{}}""")]
    [InlineData("""{"subscribe":{}}}""")]
    [InlineData("""{"subscribe":{"type":"echo","type":"echo"}}""")]
    [InlineData("""{"subscribe":{"type":"\ud800"}}""")]
    [InlineData("""{"subscribe":{"x":{"a":1,"a":2}}}""")]
    [InlineData("""{"subscribe":{"type":"echo"}""")]
    [InlineData("""{"subscribe":{"type":"echo" /* */}}""")]
    public async Task Message_NearlyOne_SubscribesToNothing(string message)
    {
        await using HttpApp app = await EventApp.StartAsync();
        await using SocketClient client = await SocketClient.ConnectAsync(app);

        await client.SendAsync(message);

        Assert.Equal("problem malformed-json", SocketClient.Gist((await client.NextAsync())!.Value));
        Assert.Equal(0, await EventApp.SubscribersAsync(app));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Message_AsLargeAsMayBe_IsReadAndALargerOneClosesTheSocket(bool onKestrel)
    {
        await using HttpApp app = await EventApp.StartAsync(onKestrel: onKestrel);
        await using SocketClient client = await (onKestrel ? SocketClient.ConnectAsync(app.Address) : SocketClient.ConnectAsync(app));
        const string Message = """{"subscribe":{"type":"echo"}}""";
        await client.SendAsync(Message.PadRight(4096));
        await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) == 1);

        await client.SendAsync(Message.PadRight(4097));

        Assert.Null(await client.NextAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, client.Socket.CloseStatus);
        Assert.Equal("A message may have 4096 bytes.", client.Socket.CloseStatusDescription);
        await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) == 0);
    }

    [Fact]
    public async Task Message_TooLargeOfAClientThatGoesWithoutAClose_EndsTheRequest()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously); // the request must not run the test
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Map = Map });
        SocketClient client = await SocketClient.ConnectAsync(app);

        await client.SendAsync(new string(' ', 4097));
        Assert.Null(await client.NextAsync());
        await client.DisposeAsync();

        await ended.Task.WithPatienceAsync();

        void Map(WebApplication application)
        {
            application.Use(async (context, next) =>
            {
                await next(context);
                ended.SetResult();
            });
            EventApp.Map(application);
        }
    }

    [Fact]
    public async Task Message_FarTooLarge_StillTellsWhyTheSocketCloses()
    {
        await using HttpApp app = await EventApp.StartAsync(onKestrel: true);
        await using SocketClient client = await SocketClient.ConnectAsync(app.Address);

        Task sending = client.SendAsync(new byte[8 * 1024 * 1024], WebSocketMessageType.Binary);

        Assert.Null(await client.NextAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, client.Socket.CloseStatus);
        await Record.ExceptionAsync(() => sending); // the server takes in what it may, and then no more
    }

    [Fact]
    public async Task Message_InFragments_IsReadAsOne()
    {
        await using HttpApp app = await EventApp.StartAsync(onKestrel: true);
        await using SocketClient client = await SocketClient.ConnectAsync(app.Address);
        byte[] message = Encoding.UTF8.GetBytes("""{"subscribe":{"type":"echo"}}""");
        foreach (byte part in message)
        {
            await client.SendAsync([part], WebSocketMessageType.Text, isWhole: false);
        }

        await client.SendAsync([], WebSocketMessageType.Text);

        await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) == 1);
    }
}
