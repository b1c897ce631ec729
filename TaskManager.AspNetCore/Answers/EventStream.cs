using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace TaskManager.AspNetCore.Answers;

/// <summary>
/// Server-sent events (WHATWG HTML §9.2), written by hand: headers go out at once, a comment goes out when nothing else does, so that neither side takes silence for the end.
/// </summary>
internal sealed class EventStream(HttpContext context, TimeProvider clock, Action<Utf8JsonWriter, TaskRecord> writeTask) : IDisposable
{
    public const string ContentType = "text/event-stream";

    private const int FlushAt = 16 * 1024;

    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(15);

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    private TaskEventId? _last;

    /// <summary>Sends events until they end or the token fires; answers 204 when there are none and never will be.</summary>
    public async Task SendAsync(IAsyncEnumerable<TaskEvent> events, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        IAsyncEnumerator<TaskEvent> reader = events.GetAsyncEnumerator(over.Token);
        Task<bool> next = reader.MoveNextAsync().AsTask();
        try
        {
            if (next.IsCompleted && !await next.ConfigureAwait(false))
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent; // tells a browser's EventSource not to come back
                return;
            }

            await BeginAsync(over.Token).ConfigureAwait(false);
            while (await HasNextAsync(next, over.Token).ConfigureAwait(false) && TryWrite(reader.Current))
            {
                next = reader.MoveNextAsync().AsTask();
            }

            await FlushAsync(over.Token).ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a reader must not be disposed while it reads
            await reader.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Dispose() => _json.Dispose();

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        context.Response.ContentType = ContentType;
        context.Response.Headers.CacheControl = "no-cache, no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no"; // proxies that hold back answers would hold back the life of the stream
        await context.Response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for the next event; what was written goes out before, and a comment each time that nothing comes for long.</summary>
    private async Task<bool> HasNextAsync(Task<bool> next, CancellationToken cancellationToken)
    {
        if (next.IsCompleted && _buffer.WrittenCount < FlushAt)
        {
            return await next.ConfigureAwait(false);
        }

        await FlushAsync(cancellationToken).ConfigureAwait(false);
        while (!next.IsCompleted)
        {
            await ((Task)next).WaitAsync(PingEvery, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (!next.IsCompleted)
            {
                _buffer.Write(": ping\n\n"u8);
                await FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return await next.ConfigureAwait(false);
    }

    /// <summary>Writes one event.</summary>
    /// <returns><see langword="false"/> when the reader was too slow: it is cut off with the id to resume from.</returns>
    private bool TryWrite(TaskEvent happened)
    {
        if (happened is TaskResetEvent && _last is { } resume)
        {
            _buffer.Write(Encoding.UTF8.GetBytes($": too slow; resume from here\nid: {resume}\n\n"));
            return false;
        }

        _last = happened.Id;
        _buffer.Write(Encoding.UTF8.GetBytes($"id: {happened.Id}\nevent: {EventJsonWriter.NameOf(happened)}\ndata: "));
        _json.Reset(_buffer);
        EventJsonWriter.WriteData(_json, happened, writeTask); // on one line: a line break inside a text is escaped
        _json.Flush();
        _buffer.Write("\n\n"u8);
        return true;
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_buffer.WrittenCount > 0)
        {
            await context.Response.Body.WriteAsync(_buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
            _buffer.ResetWrittenCount();
        }
    }
}
