using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TaskManager.AspNetCore.Answers;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary>Answers with one task, in the form that an endpoint gives.</summary>
internal sealed class TaskAnswers(HttpSurface surface)
{
    private const int PollSeconds = 1;

    public enum Form
    {
        Whole,
        Status,
        Outcome,
    }

    public async Task SendAsync(HttpContext context, int status, TaskRecord record, Form form = Form.Whole)
    {
        SetHeaders(context, record);
        TaskWaitReason? reason = await surface.Tasks.ExplainAsync(record, context.RequestAborted).ConfigureAwait(false);
        await surface.Answer.SendAsync(context, status, (surface, record, reason, form), static (writer, state) => Write(writer, state.surface, state.record, state.reason, state.form))
            .ConfigureAwait(false);
    }

    /// <summary>Answers that what the client has is still true.</summary>
    public void SendNotModified(HttpContext context, in TaskRecord record)
    {
        SetHeaders(context, record);
        context.Response.StatusCode = StatusCodes.Status304NotModified;
    }

    public static string EntityTag(in TaskRecord record) =>
        string.Create(CultureInfo.InvariantCulture, $"W/\"{record.Status.Version}.{record.Progress?.Count ?? 0}\"");

    public static void Write(Utf8JsonWriter writer, HttpSurface surface, in TaskRecord record, TaskWaitReason? reason, Form form)
    {
        ClockReading now = surface.Tasks.Now;
        switch (form)
        {
            case Form.Status:
                TaskJsonWriter.WriteStatus(writer, record, reason, now);
                break;
            case Form.Outcome:
                surface.TaskJson.WriteOutcome(writer, record, now);
                break;
            default:
                surface.TaskJson.WriteTask(writer, record, reason, now);
                break;
        }
    }

    private void SetHeaders(HttpContext context, in TaskRecord record)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ETag = EntityTag(record);
        headers.CacheControl = "private, no-cache";
        if (!record.IsDone)
        {
            headers.RetryAfter = surface.RateLimit.NotTooSoon(context, PollSeconds).ToString(CultureInfo.InvariantCulture);
        }
    }
}
