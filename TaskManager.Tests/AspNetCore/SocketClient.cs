using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;

namespace TaskManager.Tests.AspNetCore;

/// <summary>A client of <c>GET /tasks/ws</c>.</summary>
internal sealed class SocketClient(WebSocket socket) : IAsyncDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];

    public WebSocket Socket => socket;

    /// <summary>Connects in memory.</summary>
    public static async Task<SocketClient> ConnectAsync(HttpApp app, params (string Name, string Value)[] headers)
    {
        WebSocketClient client = app.Host.GetTestServer().CreateWebSocketClient();
        client.ConfigureRequest = request =>
        {
            foreach ((string name, string value) in headers)
            {
                request.Headers.Append(name, value);
            }
        };
        return new SocketClient(await client.ConnectAsync(new Uri(app.Address, "/tasks/ws"), TestContext.Current.CancellationToken).WithPatienceAsync());
    }

    /// <summary>Connects to a real server, with a receive window so small that a client that does not read is soon felt.</summary>
    public static async Task<SocketClient> ConnectAsync(Uri server, params (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        foreach ((string name, string value) in headers)
        {
            socket.Options.SetRequestHeader(name, value);
        }

        using SocketsHttpHandler handler = SlowConnection.NewHandler();
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        var address = new UriBuilder(server) { Scheme = "ws", Path = "/tasks/ws" };
        await socket.ConnectAsync(address.Uri, invoker, TestContext.Current.CancellationToken).WithPatienceAsync();
        return new SocketClient(socket);
    }

    public Task SendAsync(string message) => SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text);

    public Task SendAsync(byte[] message, WebSocketMessageType type, bool isWhole = true) =>
        socket.SendAsync(message, type, isWhole, TestContext.Current.CancellationToken).WithPatienceAsync();

    /// <summary>Receives a message.</summary>
    /// <returns><see langword="null"/> when the server closes.</returns>
    public async Task<JsonElement?> NextAsync()
    {
        int length = 0;
        while (true)
        {
            WebSocketReceiveResult part = await socket.ReceiveAsync(new ArraySegment<byte>(_buffer, length, _buffer.Length - length), TestContext.Current.CancellationToken).WithPatienceAsync();
            length += part.Count;
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            if (part.EndOfMessage)
            {
                return JsonElement.Parse(Encoding.UTF8.GetString(_buffer, 0, length));
            }
        }
    }

    public async Task<List<JsonElement>> ReadAsync(int count)
    {
        var messages = new List<JsonElement>();
        while (messages.Count < count)
        {
            messages.Add(await NextAsync() ?? throw new EndOfStreamException($"The server closed ({socket.CloseStatus}) after {messages.Count} of {count} messages."));
        }

        return messages;
    }

    /// <summary>Closes, and waits for the server's answer.</summary>
    public async Task CloseAsync()
    {
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "enough", TestContext.Current.CancellationToken).WithPatienceAsync();
        while (socket.State == WebSocketState.CloseSent)
        {
            await NextAsync(); // what was on its way
        }
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Tells a message apart at a glance: <c>status queued</c>, <c>unsubscribed</c>, <c>problem invalid-request</c>.</summary>
    public static string Gist(JsonElement message)
    {
        if (message.TryGetProperty("problem", out JsonElement problem))
        {
            return $"problem {problem.GetProperty("type").GetString()!.Split(':')[^1]}";
        }

        if (!message.TryGetProperty("event", out JsonElement name))
        {
            return message.EnumerateObject().Single().Name;
        }

        var happened = new ServerSentEvent(message.GetProperty("id").GetString(), name.GetString(), message.GetProperty("data").GetRawText(), Comment: null);
        return $"{happened.Name} {happened.Gist}";
    }
}
