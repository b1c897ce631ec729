using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Requests;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary><c>GET /tasks</c>: a page as JSON, or the whole match as NDJSON, a line at a time.</summary>
internal sealed class ListEndpoints(HttpSurface surface)
{
    public const string LinesType = "application/x-ndjson";

    private const int DefaultLimit = 100;

    /// <summary>The size, in bytes, from which on nothing more is put into a page: parameters and results may be large.</summary>
    private const int LargestPage = 8 * 1024 * 1024;

    private const int ManyLines = 64 * 1024;

    public async Task ListAsync(HttpContext context)
    {
        string form = AcceptHeader.Choose(context, Answer.JsonType, LinesType);
        TaskQuery query = ReadQuery(context);
        await (form == LinesType ? StreamAsync(context, query) : PageAsync(context, query)).ConfigureAwait(false);
    }

    private TaskQuery ReadQuery(HttpContext context)
    {
        var faults = new ValidationFaults();
        var query = new TaskQuery
        {
            States = [.. QueryReader.ReadStates(context, "status", faults)],
            TaskTypes = [.. QueryReader.ReadTaskTypes(context, "type", surface.Tasks.Types, faults)],
            Tags = [.. QueryReader.ReadList(context, "tag", faults)],
            Limit = QueryReader.ReadWholeNumber(context, "limit", 1, TaskQuery.MaxLimit, DefaultLimit, faults),
            Before = ReadCursor(context, faults),
        };
        RequestRefusedException.ThrowIfAny(faults);
        return query;
    }

    private long? ReadCursor(HttpContext context, ValidationFaults faults)
    {
        if (context.Request.Query["cursor"] is not [{ } text, ..] values)
        {
            return null;
        }

        if (values.Count == 1 && surface.Cursor.TryRead(text, out long before))
        {
            return before;
        }

        faults.Add("cursor", "must be a next_cursor of this run of the service; begin again without one.");
        return null;
    }

    /// <summary>Sends a page, which ends early when it has grown large.</summary>
    private async Task PageAsync(HttpContext context, TaskQuery query)
    {
        TaskPage page = await surface.Tasks.ListAsync(query, context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers.CacheControl = "private, no-cache";
        JsonBuffer buffer = surface.Answer.Rent();
        try
        {
            Utf8JsonWriter writer = buffer.Writer;
            writer.WriteStartObject();
            writer.WriteStartArray("items"u8);
            long? next = await WriteItemsAsync(context, buffer, page).ConfigureAwait(false);
            writer.WriteEndArray();
            if (next is { } before)
            {
                string cursor = surface.Cursor.Write(before);
                writer.WriteString("next_cursor"u8, cursor);
                context.Response.Headers.Link = $"<{LinkTo(context, cursor)}>; rel=\"next\"";
            }

            writer.WriteEndObject();
            await Answer.SendAsync(context, StatusCodes.Status200OK, Answer.JsonType, buffer.Written).ConfigureAwait(false);
        }
        finally
        {
            surface.Answer.Return(buffer);
        }
    }

    /// <summary>Writes as many tasks as the page may be large.</summary>
    /// <returns>Where the next page begins; <see langword="null"/> at the end.</returns>
    private async ValueTask<long?> WriteItemsAsync(HttpContext context, JsonBuffer buffer, TaskPage page)
    {
        foreach (TaskRecord record in page.Items)
        {
            if (buffer.Length >= LargestPage)
            {
                return record.Definition.Sequence + 1;
            }

            await WriteAsync(context, buffer, record).ConfigureAwait(false);
        }

        return page.Next;
    }

    /// <summary>Sends lines, a few at a time, and waits until they are on their way before it goes on: what is held at a time does not grow with what is sent.</summary>
    private async Task StreamAsync(HttpContext context, TaskQuery query)
    {
        context.Response.ContentType = LinesType;
        context.Response.Headers.CacheControl = "private, no-cache";
        if (context.Request.IsHead())
        {
            return;
        }

        JsonBuffer buffer = surface.Answer.Rent();
        try
        {
            long? before = query.Before;
            do
            {
                TaskPage page = await surface.Tasks.ListAsync(query with { Before = before }, context.RequestAborted).ConfigureAwait(false);
                foreach (TaskRecord record in page.Items)
                {
                    await WriteAsync(context, buffer, record).ConfigureAwait(false);
                    buffer.EndLine();
                    if (buffer.Length >= ManyLines)
                    {
                        await FlushAsync(context, buffer).ConfigureAwait(false);
                    }
                }

                await FlushAsync(context, buffer).ConfigureAwait(false);
                before = page.Next;
            }
            while (before is not null && !surface.Tasks.Stopping.IsCancellationRequested);

            if (before is not null)
            {
                context.Abort(); // a list that ended here like any other would pass for the whole of it
            }
        }
        finally
        {
            surface.Answer.Return(buffer);
        }
    }

    private async ValueTask WriteAsync(HttpContext context, JsonBuffer buffer, TaskRecord record)
    {
        TaskWaitReason? reason = await surface.Tasks.ExplainAsync(record, context.RequestAborted).ConfigureAwait(false);
        TaskAnswers.Write(buffer.Writer, surface, record, reason, TaskAnswers.Form.Whole);
    }

    private static async ValueTask FlushAsync(HttpContext context, JsonBuffer buffer)
    {
        await context.Response.Body.WriteAsync(buffer.Written, context.RequestAborted).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        buffer.Clear();
    }

    private static string LinkTo(HttpContext context, string cursor)
    {
        var query = new QueryBuilder(context.Request.Query.Where(pair => !pair.Key.Equals("cursor", StringComparison.OrdinalIgnoreCase))) { { "cursor", cursor } };
        string path = (context.Request.PathBase + context.Request.Path).ToUriComponent();
        return string.Create(CultureInfo.InvariantCulture, $"{path}{query.ToQueryString()}");
    }
}
