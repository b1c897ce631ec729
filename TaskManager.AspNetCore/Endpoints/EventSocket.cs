using System.Buffers;
using System.Net.WebSockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Requests;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary>
/// One WebSocket: its client subscribes and unsubscribes, each subscription follows the event log by itself, and what it finds goes out with the subscription named. A client that is
/// too slow is closed with the id to resume from.
/// </summary>
internal sealed class EventSocket(WebSocket socket, HttpSurface surface, CancellationToken gone) : IDisposable
{
    private const int MaxMessageBytes = 4096;
    private const int MaxSubscriptions = 100;
    private const int TryAgainLater = 1013; // RFC 6455 §7.4 leaves it to the IANA registry, which knows it by this name

    /// <summary>How long a close may take each side.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Dictionary<SocketSubscription, (CancellationTokenSource Over, Task Pump)> _pumps = [];
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _closing = new();

    /// <summary>Serves the client until it closes, or has gone, or until this side must close.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(gone);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, _closing.Token);

        // Only this wait is cancelled: to cancel a receive or a send aborts the socket, and the client would not hear why.
        Task conversation = ConverseAsync(over);
        await conversation.WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await (conversation.IsCompleted
            ? CloseAsync(WebSocketCloseStatus.NormalClosure, "bye")
            : CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "The service shuts down.")).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await WhenClosedAsync(conversation).ConfigureAwait(false);
        foreach ((CancellationTokenSource own, Task pump) in _pumps.Values)
        {
            await pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            own.Dispose();
        }

        try
        {
            await conversation.ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException)
        {
            // the client has gone
        }
    }

    public void Dispose()
    {
        _sending.Dispose();
        _closing.Dispose();
    }

    private async Task ConverseAsync(CancellationTokenSource over)
    {
        while (await ReceiveAsync().ConfigureAwait(false) is { } message)
        {
            await ObeyAsync(message, over).ConfigureAwait(false);
        }
    }

    /// <summary>Receives one message.</summary>
    /// <returns><see langword="null"/> when the client closes, or sends what no message is.</returns>
    private async Task<byte[]?> ReceiveAsync()
    {
        byte[] buffer = new byte[MaxMessageBytes];
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult part = await socket.ReceiveAsync(buffer.AsMemory(length), gone).ConfigureAwait(false);
            length += part.Count;
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            if (part.EndOfMessage)
            {
                return buffer[..length];
            }

            if (length == buffer.Length)
            {
                await CloseAsync(WebSocketCloseStatus.MessageTooBig, $"A message may have {MaxMessageBytes} bytes.").ConfigureAwait(false);
                return null;
            }
        }
    }

    private async Task ObeyAsync(byte[] message, CancellationTokenSource over)
    {
        try
        {
            (bool subscribes, SocketSubscription subscription) = SocketMessage.Read(message, surface.Tasks.Types);
            foreach (SocketSubscription ended in _pumps.Where(running => running.Value.Over.IsCancellationRequested || running.Value.Pump.IsCompleted).Select(running => running.Key).ToArray())
            {
                await UnsubscribeAsync(ended).ConfigureAwait(false);
            }

            if (!subscribes)
            {
                await UnsubscribeAsync(subscription).ConfigureAwait(false);
            }
            else if (_pumps.Count >= MaxSubscriptions)
            {
                var faults = new ValidationFaults();
                faults.Add("subscribe", $"must not come more than {MaxSubscriptions} times.");
                RequestRefusedException.ThrowIfAny(faults);
            }
            else if (!_pumps.ContainsKey(subscription))
            {
                var own = CancellationTokenSource.CreateLinkedTokenSource(over.Token);
                _pumps.Add(subscription, (own, PumpAsync(subscription, own)));
            }
        }
        catch (RequestRefusedException refused)
        {
            await SendAsync(writer => SocketMessage.WriteProblem(writer, refused.Problem), over.Token).ConfigureAwait(false);
        }
    }

    private async Task UnsubscribeAsync(SocketSubscription subscription)
    {
        if (_pumps.Remove(subscription, out (CancellationTokenSource Over, Task Pump) running))
        {
            await running.Over.CancelAsync().ConfigureAwait(false);
            await running.Pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            running.Over.Dispose();
        }
    }

    private async Task PumpAsync(SocketSubscription subscription, CancellationTokenSource own)
    {
        await Task.Yield(); // the client's next message must not wait for this subscription's first events
        Action<Utf8JsonWriter> last = writer => SocketMessage.WriteEnd(writer, subscription);
        try
        {
            TaskEventId? place = null;
            await foreach (TaskEvent happened in Watch(subscription, own.Token).ConfigureAwait(false))
            {
                if (happened is TaskResetEvent && place is { } resume)
                {
                    await CloseAsync((WebSocketCloseStatus)TryAgainLater, $"Too slow; resume from {resume}.").ConfigureAwait(false);
                    return;
                }

                place = happened.Id;
                await SendAsync(writer => SocketMessage.WriteEvent(writer, subscription, happened, surface), own.Token).ConfigureAwait(false);
            }
        }
        catch (TaskNotFoundException)
        {
            last = writer => SocketMessage.WriteProblem(writer, ReadEndpoints.NotFound(surface, subscription.TaskId!.Value).Problem);
        }
        catch (TooManyWaitersException tooMany)
        {
            last = writer => SocketMessage.WriteProblem(writer, Problems.TooManyWaiters(tooMany.Message));
        }

        await own.CancelAsync().ConfigureAwait(false); // over before the client hears of it, which may then subscribe anew
        await SendAsync(last, gone).ConfigureAwait(false);
    }

    private IAsyncEnumerable<TaskEvent> Watch(SocketSubscription subscription, CancellationToken cancellationToken) => subscription is { TaskId: { } id, TaskType: null, State: null }
        ? surface.Tasks.WatchAsync(id, subscription.After, cancellationToken)
        : surface.Tasks.WatchAllAsync(subscription.ToFilter(), subscription.After, cancellationToken);

    private async Task SendAsync(Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(writer);
        }

        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false); // a socket takes one message at a time
        try
        {
            await socket.SendAsync(buffer.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, gone).ConfigureAwait(false); // whole, also when its subscription is over
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            using var patience = new CancellationTokenSource(Patience, surface.Clock);
            await socket.CloseOutputAsync(status, reason, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _closing.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Waits for the client's side of the close, or else the end of the connection may overtake the reason for it.</summary>
    private async Task WhenClosedAsync(Task conversation)
    {
        using var patience = new CancellationTokenSource(Patience, surface.Clock);
        await conversation.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        byte[] ignored = new byte[MaxMessageBytes];
        Task receiving = Task.CompletedTask; // one that fails may leave the state as it is, and would fail again and again
        while (conversation.IsCompleted && receiving.IsCompletedSuccessfully && socket.State == WebSocketState.CloseSent)
        {
            receiving = socket.ReceiveAsync(new ArraySegment<byte>(ignored), patience.Token);
            await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (socket.State != WebSocketState.Closed)
        {
            socket.Abort(); // with it what still waits: a send that the client does not take in, or a receive
        }

        await conversation.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
