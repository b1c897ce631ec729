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
        AcceptHeader.Choose(context, Answer.JsonType);
        TaskRecord record = await FindAsync(context).ConfigureAwait(false);
        if (WaitOf(context) is { } wait && !record.IsDone)
        {
            record = await LongPoll.ForChangeAsync(surface.Tasks, context, record, wait).ConfigureAwait(false);
        }

        int status = record.IsDone ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
        await answers.SendAsync(context, status, record, TaskAnswers.Form.Outcome).ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext context, TaskAnswers.Form form)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        TimeSpan? wait = WaitOf(context);
        TaskRecord record = await FindAsync(context).ConfigureAwait(false);
        bool isKnown = IsKnown(context, record);
        if (wait is { } timeout && !record.IsDone && (isKnown || !HasEntityTags(context)))
        {
            record = await LongPoll.ForChangeAsync(surface.Tasks, context, record, timeout).ConfigureAwait(false);
            isKnown = IsKnown(context, record);
        }

        if (isKnown)
        {
            answers.SendNotModified(context, record);
        }
        else
        {
            await answers.SendAsync(context, StatusCodes.Status200OK, record, form).ConfigureAwait(false);
        }
    }

    private async ValueTask<TaskRecord> FindAsync(HttpContext context)
    {
        Guid id = TaskIds.Read(context);
        return await surface.Tasks.GetAsync(id, context.RequestAborted).ConfigureAwait(false) ?? throw NotFound(surface, id);
    }

    public static RequestRefusedException NotFound(HttpSurface surface, Guid id) =>
        new(surface.Tasks.WasRemoved(id) ? Problems.TaskRemoved(id) : Problems.TaskNotFound(id));

    /// <summary>Reads how long the client wants to wait.</summary>
    /// <returns><see langword="null"/> when it does not; a <c>HEAD</c> never does.</returns>
    private static TimeSpan? WaitOf(HttpContext context)
    {
        var faults = new ValidationFaults();
        bool asks = QueryReader.ReadFlag(context, "wait", faults);
        TimeSpan timeout = QueryReader.ReadSeconds(context, "timeout", PreferHeader.MaxWaitSeconds, DefaultTimeoutSeconds, faults);
        if (!faults.IsEmpty)
        {
            throw new RequestRefusedException(Problems.Invalid(faults.ByField()));
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return null;
        }

        if (asks || PreferHeader.ReadWait(context) is not { } preferred)
        {
            return asks ? timeout : null;
        }

        PreferHeader.Applied(context, preferred);
        return preferred;
    }

    private static bool HasEntityTags(HttpContext context) => context.Request.Headers.IfNoneMatch.Count > 0;

    // Weak comparison (RFC 9110 §13.1.2).
    private static bool IsKnown(HttpContext context, in TaskRecord record)
    {
        string tag = TaskAnswers.EntityTag(record)[2..];
        foreach (string? header in context.Request.Headers.IfNoneMatch)
        {
            foreach (string candidate in (header ?? string.Empty).Split(',', StringSplitOptions.TrimEntries))
            {
                if (candidate == "*" || (candidate.StartsWith("W/", StringComparison.Ordinal) ? candidate[2..] : candidate) == tag)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
