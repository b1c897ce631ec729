using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Requests;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary><c>GET /tasks/{id}/events</c>, <c>/tasks/events</c> and <c>/tasks/{id}/logs</c>.</summary>
internal sealed class EventEndpoints(HttpSurface surface)
{
    private const int DefaultLimit = 100;

    private static readonly LogLevel[] Levels = [LogLevel.Trace, LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error, LogLevel.Critical];

    public async Task WatchTaskAsync(HttpContext context)
    {
        CheckAccept(context);
        var faults = new ValidationFaults();
        Guid id = TaskIds.Read(context, faults);
        RequestRefusedException.ThrowIfAny(faults);
        if (await surface.Tasks.GetAsync(id, context.RequestAborted).ConfigureAwait(false) is null)
        {
            throw ReadEndpoints.NotFound(surface, id);
        }

        try
        {
            await StreamAsync(context, token => surface.Tasks.WatchAsync(id, ReadLastEventId(context), token)).ConfigureAwait(false);
        }
        catch (TaskNotFoundException) // removed since it was looked up; a stream that has begun just ends, and who comes back for more is told
        {
            if (!context.Response.HasStarted)
            {
                throw ReadEndpoints.NotFound(surface, id);
            }
        }
    }

    public Task WatchAllAsync(HttpContext context)
    {
        CheckAccept(context);
        TaskWatchFilter filter = ReadFilter(context);
        return StreamAsync(context, token => surface.Tasks.WatchAllAsync(filter, ReadLastEventId(context), token));
    }

    public async Task ReadLogAsync(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        var faults = new ValidationFaults();
        Guid id = TaskIds.Read(context, faults);
        long after = QueryReader.ReadWholeNumber(context, "after", 0, long.MaxValue, otherwise: 0, faults);
        int limit = QueryReader.ReadWholeNumber(context, "limit", 1, TaskQuery.MaxLimit, DefaultLimit, faults);
        LogLevel least = ReadLevel(context, faults);
        RequestRefusedException.ThrowIfAny(faults);

        TaskLogPage page = await surface.Tasks.ReadLogAsync(id, after, least, limit, context.RequestAborted).ConfigureAwait(false) ?? throw ReadEndpoints.NotFound(surface, id);
        context.Response.Headers.CacheControl = "private, no-cache";
        await surface.Answer.SendAsync(context, StatusCodes.Status200OK, page, Write).ConfigureAwait(false);
    }

    // Who admits JSON alone still gets the stream, which is all there is: JSON are the refusals.
    private static void CheckAccept(HttpContext context) => AcceptHeader.Choose(context, EventStream.ContentType, Answer.JsonType);

    private async Task StreamAsync(HttpContext context, Func<CancellationToken, IAsyncEnumerable<TaskEvent>> watch)
    {
        if (context.Request.IsHead())
        {
            context.Response.ContentType = EventStream.ContentType;
            return;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, surface.Tasks.Stopping);
        try
        {
            using var stream = new EventStream(context, surface.Clock, (writer, record) => TaskAnswers.Write(writer, surface, record, reason: null, TaskAnswers.Form.Whole));
            await stream.SendAsync(watch(over.Token), over.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (surface.Tasks.Stopping.IsCancellationRequested)
        {
            // The process shuts down: the stream ends here, also before it has begun, and the client comes back elsewhere, or later.
            if (!context.Response.HasStarted)
            {
                context.Response.ContentType = EventStream.ContentType;
            }
        }
    }

    /// <summary>Reads the place to resume after. One that cannot be read is one that is not known: it gets a reset, not a fault.</summary>
    private static TaskEventId? ReadLastEventId(HttpContext context)
    {
        StringValues header = context.Request.Headers["Last-Event-ID"];
        return header.Count == 0 || string.IsNullOrEmpty(header[0]) ? null : TaskEventId.TryParse(header[0], out TaskEventId id) ? id : new TaskEventId(0, long.MaxValue);
    }

    private TaskWatchFilter ReadFilter(HttpContext context)
    {
        var faults = new ValidationFaults();
        var filter = new TaskWatchFilter
        {
            States = [.. QueryReader.ReadStates(context, "status", faults)],
            TaskTypes = [.. QueryReader.ReadTaskTypes(context, "type", surface.Tasks.Types, faults)],
        };
        RequestRefusedException.ThrowIfAny(faults);
        return filter;
    }

    private static LogLevel ReadLevel(HttpContext context, ValidationFaults faults)
    {
        StringValues values = context.Request.Query["level"];
        if (values.Count == 0)
        {
            return LogLevel.Trace;
        }

        foreach (LogLevel level in Levels)
        {
            if (values.Count == 1 && EventJsonWriter.LevelName(level) == values[0])
            {
                return level;
            }
        }

        faults.Add("level", $"must be one of {string.Join(", ", Levels.Select(EventJsonWriter.LevelName))}, not \"{ValidationFaults.Show(values.ToString())}\".");
        return LogLevel.Trace;
    }

    private static void Write(Utf8JsonWriter writer, TaskLogPage page)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("items"u8);
        foreach (TaskLogEntry line in page.Items)
        {
            EventJsonWriter.WriteLine(writer, line);
        }

        writer.WriteEndArray();
        writer.WriteNumber("dropped"u8, page.Dropped);
        if (page.Next is { } next)
        {
            writer.WriteString("next_cursor"u8, next.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        writer.WriteEndObject();
    }
}
