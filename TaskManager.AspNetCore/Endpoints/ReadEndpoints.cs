using System.Globalization;
using Microsoft.AspNetCore.Http;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Requests;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary><c>GET /tasks/{id}</c>, <c>/tasks/{id}/status</c> and <c>/tasks/{id}/result</c>, each of which can wait for a change.</summary>
internal sealed class ReadEndpoints(HttpSurface surface, TaskAnswers answers)
{
    private const double DefaultTimeoutSeconds = 10;

    public Task GetAsync(HttpContext context) => AnswerAsync(context, TaskAnswers.Form.Whole);

    public Task GetStatusAsync(HttpContext context) => AnswerAsync(context, TaskAnswers.Form.Status);

    public async Task GetResultAsync(HttpContext context)
    {
        (Guid id, TimeSpan? wait) = ReadRequest(context);
        TaskRecord record = await FindAsync(context, id).ConfigureAwait(false);
        if (wait is { } timeout && !record.IsDone)
        {
            record = await LongPoll.ForChangeAsync(surface.Tasks, context, record, timeout).ConfigureAwait(false) ?? throw NotFound(surface, id);
        }

        int status = record.IsDone ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
        await answers.SendAsync(context, status, record, TaskAnswers.Form.Outcome).ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext context, TaskAnswers.Form form)
    {
        (Guid id, TimeSpan? wait) = ReadRequest(context);
        TaskRecord record = await FindAsync(context, id).ConfigureAwait(false);
        if (wait is { } timeout && !record.IsDone && !HasStaleVersion(context, record))
        {
            record = await LongPoll.ForChangeAsync(surface.Tasks, context, record, timeout).ConfigureAwait(false) ?? throw NotFound(surface, id);
        }

        if (IsKnown(context, record))
        {
            answers.SendNotModified(context, record);
        }
        else
        {
            await answers.SendAsync(context, StatusCodes.Status200OK, record, form).ConfigureAwait(false);
        }
    }

    private async ValueTask<TaskRecord> FindAsync(HttpContext context, Guid id) =>
        await surface.Tasks.GetAsync(id, context.RequestAborted).ConfigureAwait(false) ?? throw NotFound(surface, id);

    public static RequestRefusedException NotFound(HttpSurface surface, Guid id) =>
        new(surface.Tasks.WasRemoved(id) ? Problems.TaskRemoved(id) : Problems.TaskNotFound(id));

    /// <summary>Reads which task is meant, and how long the client wants to wait: <see langword="null"/> when it does not; a <c>HEAD</c> never does.</summary>
    private static (Guid Id, TimeSpan? Wait) ReadRequest(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        var faults = new ValidationFaults();
        Guid id = TaskIds.Read(context, faults);
        bool asks = QueryReader.ReadFlag(context, "wait", faults);
        TimeSpan timeout = QueryReader.ReadSeconds(context, "timeout", PreferHeader.MaxWaitSeconds, DefaultTimeoutSeconds, faults);
        RequestRefusedException.ThrowIfAny(faults);
        if (context.Request.IsHead())
        {
            return (id, null);
        }

        if (asks || PreferHeader.ReadWait(context) is not { } preferred)
        {
            return (id, asks ? timeout : null);
        }

        PreferHeader.Applied(context, preferred);
        return (id, preferred);
    }

    private static bool IsKnown(HttpContext context, in TaskRecord record)
    {
        if (context.Request.Headers.IfNoneMatch.Count == 0)
        {
            return false;
        }

        string tag = TaskAnswers.EntityTag(record)[2..];
        return EntityTags(context).Any(known => known == "*" || known == tag);
    }

    // The version alone: progress makes another tag, but ends no wait.
    private static bool HasStaleVersion(HttpContext context, in TaskRecord record)
    {
        if (context.Request.Headers.IfNoneMatch.Count == 0)
        {
            return false;
        }

        string version = string.Create(CultureInfo.InvariantCulture, $"\"{record.Status.Version}.");
        return !EntityTags(context).Any(known => known == "*" || known.StartsWith(version, StringComparison.Ordinal));
    }

    // Without the mark of the weak ones, since the comparison is weak (RFC 9110 §13.1.2).
    private static IEnumerable<string> EntityTags(HttpContext context) => context.Request.Headers.IfNoneMatch
        .SelectMany(header => (header ?? string.Empty).Split(',', StringSplitOptions.TrimEntries))
        .Select(tag => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag);
}
