using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TaskManager.Benchmarks.Http;

/// <summary>One connection with one request whose answer is a long time in coming. As little as a client can be: it shares the cores with what it measures.</summary>
internal sealed class WaitingClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64];

    private WaitingClient()
    {
    }

    /// <summary>Gets the timestamp of the answer's first byte.</summary>
    public Task<long> AnsweredAt { get; private set; } = Task.FromResult(0L);

    public static async Task<WaitingClient> StartAsync(Uri server, string path)
    {
        var client = new WaitingClient();
        await client._socket.ConnectAsync(IPAddress.Parse(server.Host), server.Port);
        await client._socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\n\r\n"));
        client.AnsweredAt = client.ReceiveAsync().WaitAsync(Patience, TimeProvider.System);
        return client;
    }

    public void Dispose() => _socket.Dispose();

    private async Task<long> ReceiveAsync()
    {
        int length = await _socket.ReceiveAsync(_buffer.AsMemory());
        long at = TimeProvider.System.GetTimestamp();
        return _buffer.AsSpan(0, length).StartsWith("HTTP/1.1 200"u8) ? at : throw new InvalidOperationException($"The server said: {Encoding.ASCII.GetString(_buffer, 0, length)}");
    }
}
