using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Requests;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary><c>GET /tasks/ws</c>: the events over a WebSocket.</summary>
internal sealed class SocketEndpoints(HttpSurface surface)
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public async Task ConnectAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            throw new RequestRefusedException(Problems.WebSocketWanted());
        }

        // An upgrade is a GET, which pages of other sites may send; what comes back is not for them.
        if (surface.CrossSite.CheckOrigin(context) is { } refusal)
        {
            throw new RequestRefusedException(refusal);
        }

        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = KeepAlive, KeepAliveTimeout = KeepAlive })
            .ConfigureAwait(false);
        using var events = new EventSocket(socket, surface, context.RequestAborted);
        await events.RunAsync(surface.Tasks.Stopping).ConfigureAwait(false);
    }
}
