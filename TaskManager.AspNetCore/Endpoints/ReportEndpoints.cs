using Microsoft.AspNetCore.Http;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Requests;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary>What workers report of the tasks that they hold.</summary>
internal sealed class ReportEndpoints(HttpSurface surface, TaskAnswers answers, ITaskWorkers workers)
{
    private delegate T BodyReader<out T>(byte[] body, ValidationFaults faults);

    public async Task CompleteAsync(HttpContext context)
    {
        int maxBytes = surface.Limits.MaxResultBytes;
        (Guid id, (LeaseProof proof, JsonPayload result)) = await ReadAsync(context, WorkerBodies.ReadCompletion, maxBytes + RequestBody.EnvelopeBytes).ConfigureAwait(false);
        if (result.Utf8.Length > maxBytes)
        {
            throw new RequestRefusedException(Problems.ResultTooLarge(maxBytes));
        }

        await AnswerAsync(context, id, await workers.CompleteAsync(id, proof, result, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    public async Task FailAsync(HttpContext context)
    {
        (Guid id, var failure) = await ReadAsync(context, WorkerBodies.ReadFailure).ConfigureAwait(false);
        TaskMove move = await workers.FailAsync(id, failure.Proof, failure.Error, failure.IsRetryable, failure.RetryAfter, context.RequestAborted).ConfigureAwait(false);
        await AnswerAsync(context, id, move).ConfigureAwait(false);
    }

    public async Task ReleaseAsync(HttpContext context)
    {
        (Guid id, (LeaseProof proof, JsonPayload? checkpoint)) = await ReadAsync(context, WorkerBodies.ReadRelease, WorkerMembers.MaxCheckpointBytes + RequestBody.EnvelopeBytes).ConfigureAwait(false);
        await AnswerAsync(context, id, await workers.ReleaseAsync(id, proof, checkpoint, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    public async Task ReportProgressAsync(HttpContext context)
    {
        (Guid id, (LeaseProof proof, TaskProgress progress)) = await ReadAsync(context, WorkerBodies.ReadProgress).ConfigureAwait(false);
        await AnswerAsync(context, id, await workers.ReportProgressAsync(id, proof, progress, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    public async Task AppendLogAsync(HttpContext context)
    {
        (Guid id, var log) = await ReadAsync(context, WorkerBodies.ReadLines).ConfigureAwait(false);
        await AnswerAsync(context, id, await workers.AppendLogAsync(id, log.Proof, log.Lines, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task<(Guid Id, T Report)> ReadAsync<T>(HttpContext context, BodyReader<T> read, int maxBytes = RequestBody.SmallBytes)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        var faults = new ValidationFaults();
        Guid id = TaskIds.Read(context, faults);
        T report = read(await RequestBody.ReadJsonAsync(context, maxBytes).ConfigureAwait(false), faults);
        RequestRefusedException.ThrowIfAny(faults);
        return (id, report);
    }

    private Task AnswerAsync(HttpContext context, Guid id, TaskMove move) => move.Outcome switch
    {
        MoveOutcome.Applied or MoveOutcome.Repeated => answers.SendAsync(context, StatusCodes.Status200OK, move.Record, TaskAnswers.Form.Status),
        MoveOutcome.NotFound => throw ReadEndpoints.NotFound(surface, id),
        MoveOutcome.LeaseLost => throw new RequestRefusedException(Problems.LeaseLost(move.Record)),
        _ => throw new RequestRefusedException(Problems.MoveRefused("moved by this report", move.Record)), // the lease lives: the task is still the worker's
    };
}
