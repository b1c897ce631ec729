using System.Net;
using System.Net.Sockets;

namespace TaskManager.Tests.AspNetCore;

/// <summary>Connections that take in little while nobody reads from them.</summary>
internal static class SlowConnection
{
    public static SocketsHttpHandler NewHandler() => new()
    {
        ConnectCallback = async (context, token) => new NetworkStream(await ConnectAsync(context.DnsEndPoint, token), ownsSocket: true),
    };

    public static HttpClient NewClient(Uri server) => new(NewHandler()) { BaseAddress = server, Timeout = Patience.Generous };

    private static async Task<Socket> ConnectAsync(DnsEndPoint server, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4096 };
        try
        {
            await socket.ConnectAsync(server, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
