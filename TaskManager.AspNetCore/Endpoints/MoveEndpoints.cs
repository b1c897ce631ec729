using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Requests;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary>Cancel, pause, resume, retry, and the removal: what is asked of one task.</summary>
internal sealed class MoveEndpoints(HttpSurface surface, TaskAnswers answers)
{
    /// <summary>How long a running attempt gets to feel what was asked before the answer is only that it is recorded.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>The statuses that a client may wish for.</summary>
    private static readonly Dictionary<string, TaskState> Wishes = new(StringComparer.Ordinal)
    {
        ["cancelled"] = TaskState.Cancelled,
        ["paused"] = TaskState.Paused,
        ["queued"] = TaskState.Queued,
    };

    public Task CancelAsync(HttpContext context) => CancelAsync(context, ReadId(context));

    public Task PauseAsync(HttpContext context) => PauseAsync(context, ReadId(context));

    public Task ResumeAsync(HttpContext context) => ResumeAsync(context, ReadId(context));

    public async Task RetryAsync(HttpContext context)
    {
        TaskMove move = await surface.Tasks.RetryAsync(ReadId(context), context.RequestAborted).ConfigureAwait(false);
        await AnswerAsync(context, move, "retried").ConfigureAwait(false);
    }

    /// <summary><c>PATCH /tasks/{id}/status</c>: the status that is wished for names the request.</summary>
    public async Task PatchStatusAsync(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        var faults = new ValidationFaults();
        Guid id = TaskIds.Read(context, faults);
        byte[] body = await RequestBody.ReadJsonAsync(context, RequestBody.SmallBytes).ConfigureAwait(false);
        await (ReadStatus(body, faults) switch
        {
            TaskState.Cancelled => CancelAsync(context, id),
            TaskState.Paused => PauseAsync(context, id),
            _ => ResumeAsync(context, id),
        }).ConfigureAwait(false);
    }

    /// <summary><c>DELETE /tasks/{id}</c>: cancels; with <c>?purge=true</c> removes for good.</summary>
    public async Task DeleteAsync(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        var faults = new ValidationFaults();
        Guid id = TaskIds.Read(context, faults);
        bool purge = QueryReader.ReadFlag(context, "purge", faults);
        RequestRefusedException.ThrowIfAny(faults);
        await (purge ? PurgeAsync(context, id) : CancelAsync(context, id)).ConfigureAwait(false);
    }

    private async Task CancelAsync(HttpContext context, Guid id)
    {
        TaskMove move = await surface.Tasks.CancelAsync(id, context.RequestAborted).ConfigureAwait(false);
        await AnswerWhenFeltAsync(context, move, TaskState.Cancelled, "cancelled").ConfigureAwait(false);
    }

    private async Task PauseAsync(HttpContext context, Guid id)
    {
        TaskMove move = await surface.Tasks.PauseAsync(id, context.RequestAborted).ConfigureAwait(false);
        await AnswerWhenFeltAsync(context, move, TaskState.Paused, "paused").ConfigureAwait(false);
    }

    private async Task ResumeAsync(HttpContext context, Guid id)
    {
        TaskMove move = await surface.Tasks.ResumeAsync(id, context.RequestAborted).ConfigureAwait(false);
        await AnswerAsync(context, move, "resumed").ConfigureAwait(false);
    }

    private async Task PurgeAsync(HttpContext context, Guid id)
    {
        switch (await surface.Tasks.RemoveAsync(id, context.RequestAborted).ConfigureAwait(false))
        {
            case RemoveOutcome.Removed:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case RemoveOutcome.HasDependants:
                throw new RequestRefusedException(Problems.HasDependants(id));
            case RemoveOutcome.Unfinished when await surface.Tasks.GetAsync(id, context.RequestAborted).ConfigureAwait(false) is { } record:
                await answers.SendAsync(context, StatusCodes.Status202Accepted, record).ConfigureAwait(false);
                break;
            case RemoveOutcome.Unfinished: // it ended meanwhile, and is gone
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            default:
                throw ReadEndpoints.NotFound(surface, id);
        }
    }

    /// <summary>Answers a request that a running attempt may still have to feel: it gets a moment to.</summary>
    private async Task AnswerWhenFeltAsync(HttpContext context, TaskMove move, TaskState wished, string verb)
    {
        if (!move.IsAccepted || move.Record.State == wished)
        {
            await AnswerAsync(context, move, verb).ConfigureAwait(false);
            return;
        }

        TaskRecord record = await LongPoll.TryForChangeAsync(surface.Tasks, context, move.Record, Patience).ConfigureAwait(false) ?? move.Record;
        if (record.IsDone && record.State != wished)
        {
            throw new RequestRefusedException(Problems.MoveRefused(verb, record));
        }

        int status = record.State == wished ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
        await answers.SendAsync(context, status, record).ConfigureAwait(false);
    }

    private Task AnswerAsync(HttpContext context, TaskMove move, string verb) => move.Outcome switch
    {
        MoveOutcome.Applied or MoveOutcome.Repeated => answers.SendAsync(context, StatusCodes.Status200OK, move.Record),
        MoveOutcome.NotFound => throw ReadEndpoints.NotFound(surface, ReadId(context)),
        MoveOutcome.Full => throw new RequestRefusedException(Problems.QueueFull()),
        MoveOutcome.Stopping => throw new RequestRefusedException(Problems.Stopping()),
        MoveOutcome.UniqueKeyTaken => throw new RequestRefusedException(Problems.UniqueKeyTaken(move.Record)),
        MoveOutcome.ParentNotCompleted => throw new RequestRefusedException(Problems.ParentNotCompleted(move.Record)),
        _ => throw new RequestRefusedException(Problems.MoveRefused(verb, move.Record)),
    };

    /// <summary>Reads which task is meant. Who accepts no answer is refused first: afterwards it would be done.</summary>
    private static Guid ReadId(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        var faults = new ValidationFaults();
        Guid id = TaskIds.Read(context, faults);
        RequestRefusedException.ThrowIfAny(faults);
        return id;
    }

    private static TaskState? ReadStatus(byte[] body, ValidationFaults faults)
    {
        TaskState? wished = null;
        Utf8JsonReader reader = JsonBody.Begin(body);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            faults.Add("body", "must be an object.");
            JsonBody.Skip(ref reader);
        }
        else
        {
            wished = ReadMembers(ref reader, faults);
        }

        JsonBody.End(ref reader);
        RequestRefusedException.ThrowIfAny(faults);
        return wished;
    }

    private static TaskState? ReadMembers(ref Utf8JsonReader reader, ValidationFaults faults)
    {
        TaskState? wished = null;
        var seen = default(MemberNames);
        while (JsonBody.Read(ref reader) && reader.TokenType == JsonTokenType.PropertyName)
        {
            string member = JsonBody.Text(ref reader);
            seen.AddOnce(member);
            JsonBody.Read(ref reader);
            if (member == "status")
            {
                wished = SubmitMembers.ReadName(ref reader, member, Wishes, faults);
            }
            else
            {
                faults.Add(ValidationFaults.Show(member), "is unknown: allowed is status.");
                JsonBody.Skip(ref reader);
            }
        }

        if (!seen.Contains("status"))
        {
            faults.Add("status", $"is missing: it must be one of {string.Join(", ", Wishes.Keys)}.");
        }

        return wished;
    }
}
