using System.Globalization;
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
        return faults.IsEmpty ? query : throw new RequestRefusedException(Problems.Invalid(faults.ByField()));
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

    private async Task PageAsync(HttpContext context, TaskQuery query)
    {
        TaskPage page = await surface.Tasks.ListAsync(query, context.RequestAborted).ConfigureAwait(false);
        string? next = page.Next is { } before ? surface.Cursor.Write(before) : null;
        if (next is not null)
        {
            context.Response.Headers.Link = $"<{LinkTo(context, next)}>; rel=\"next\"";
        }

        context.Response.Headers.CacheControl = "private, no-cache";
        var reasons = new TaskWaitReason?[page.Items.Count];
        for (int i = 0; i < reasons.Length; i++)
        {
            reasons[i] = await surface.Tasks.ExplainAsync(page.Items[i], context.RequestAborted).ConfigureAwait(false);
        }

        await surface.Answer.SendAsync(
            context,
            StatusCodes.Status200OK,
            (surface, page, reasons, next),
            static (writer, state) =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("items"u8);
                for (int i = 0; i < state.page.Items.Count; i++)
                {
                    TaskAnswers.Write(writer, state.surface, state.page.Items[i], state.reasons[i], TaskAnswers.Form.Whole);
                }

                writer.WriteEndArray();
                if (state.next is not null)
                {
                    writer.WriteString("next_cursor"u8, state.next);
                }

                writer.WriteEndObject();
            }).ConfigureAwait(false);
    }

    /// <summary>Sends a page of lines, waits until it is on its way, and goes on behind it: what is held at a time is one page.</summary>
    private async Task StreamAsync(HttpContext context, TaskQuery query)
    {
        context.Response.ContentType = LinesType;
        context.Response.Headers.CacheControl = "private, no-cache";
        if (HttpMethods.IsHead(context.Request.Method))
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
                    TaskWaitReason? reason = await surface.Tasks.ExplainAsync(record, context.RequestAborted).ConfigureAwait(false);
                    TaskAnswers.Write(buffer.Writer, surface, record, reason, TaskAnswers.Form.Whole);
                    buffer.EndLine();
                }

                await context.Response.Body.WriteAsync(buffer.Written, context.RequestAborted).ConfigureAwait(false);
                await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
                buffer.Clear();
                before = page.Next;
            }
            while (before is not null && !surface.Tasks.Stopping.IsCancellationRequested);
        }
        finally
        {
            surface.Answer.Return(buffer);
        }
    }

    private static string LinkTo(HttpContext context, string cursor)
    {
        var query = new QueryBuilder(context.Request.Query.Where(pair => pair.Key != "cursor")) { { "cursor", cursor } };
        string path = (context.Request.PathBase + context.Request.Path).ToUriComponent();
        return string.Create(CultureInfo.InvariantCulture, $"{path}{query.ToQueryString()}");
    }
}
