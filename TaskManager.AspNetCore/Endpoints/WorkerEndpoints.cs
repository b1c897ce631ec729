using Microsoft.AspNetCore.Http;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Requests;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary>Workers come and go, claim tasks and say that they live.</summary>
internal sealed class WorkerEndpoints(HttpSurface surface, ITaskWorkers workers)
{
    public const string RouteName = "id";

    /// <summary>A heartbeat may name a thousand leases, and say of each how far it has come.</summary>
    private const int HeartbeatBytes = 512 * 1024;

    public Task ListAsync(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        context.Response.Headers.CacheControl = "no-store";
        return surface.Answer.SendAsync(context, StatusCodes.Status200OK, workers.List(), WorkerJsonWriter.WriteList);
    }

    public async Task RegisterAsync(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        var faults = new ValidationFaults();
        byte[] body = await RequestBody.ReadJsonAsync(context, RequestBody.SmallBytes).ConfigureAwait(false);
        WorkerRegistration registration = WorkerBodies.ReadRegistration(body, faults);
        RegisterResult result = await workers.RegisterAsync(registration, context.RequestAborted).ConfigureAwait(false);
        if (result is not RegisterResult.Registered registered)
        {
            throw new RequestRefusedException(Refusal(registration, result));
        }

        int status = registered.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        await surface.Answer.SendAsync(context, status, (registration, registered), static (writer, state) => WorkerJsonWriter.WriteRegistered(writer, state.registration, state.registered))
            .ConfigureAwait(false);
    }

    public async Task LeaveAsync(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        string? incarnation = context.Request.Query["incarnation"];
        ThrowIfRefused(context, await workers.LeaveAsync(IdOf(context), incarnation, context.RequestAborted).ConfigureAwait(false));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public async Task ClaimAsync(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        var faults = new ValidationFaults();
        byte[] body = await RequestBody.ReadJsonAsync(context, RequestBody.SmallBytes).ConfigureAwait(false);
        (int max, TimeSpan wait, string? incarnation) = WorkerBodies.ReadClaim(body, faults);
        RequestRefusedException.ThrowIfAny(faults);
        ClaimAnswer answer = await workers.ClaimAsync(IdOf(context), incarnation, max, wait, context.RequestAborted).ConfigureAwait(false);
        ThrowIfRefused(context, answer.Outcome);
        try
        {
            context.RequestAborted.ThrowIfCancellationRequested();
            (IReadOnlyList<TaskRecord> Tasks, TimeSpan LeaseDuration) claimed = (answer.Tasks, surface.Limits.LeaseDuration);
            await surface.Answer
                .SendAsync(context, StatusCodes.Status200OK, claimed, static (writer, state) => WorkerJsonWriter.WriteClaimed(writer, state.Tasks, state.LeaseDuration))
                .ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            await GiveBackAsync(answer.Tasks).ConfigureAwait(false);
            throw;
        }
    }

    public async Task HeartbeatAsync(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        var faults = new ValidationFaults();
        byte[] body = await RequestBody.ReadJsonAsync(context, HeartbeatBytes).ConfigureAwait(false);
        (IReadOnlyList<LeaseReport> leases, TimeSpan wait, string? incarnation) = WorkerBodies.ReadHeartbeat(body, faults);
        RequestRefusedException.ThrowIfAny(faults);
        HeartbeatAnswer answer = await workers.HeartbeatAsync(IdOf(context), incarnation, leases, wait, context.RequestAborted).ConfigureAwait(false);
        ThrowIfRefused(context, answer.Outcome);
        await surface.Answer.SendAsync(context, StatusCodes.Status200OK, answer, WorkerJsonWriter.WriteDirectives).ConfigureAwait(false);
    }

    /// <summary>Nobody is there to take what was claimed: it goes to the next at once, and not only when the leases have run out.</summary>
    private async Task GiveBackAsync(IReadOnlyList<TaskRecord> claimed)
    {
        foreach (TaskRecord record in claimed)
        {
            await workers.ReleaseAsync(record.Id, new LeaseProof(record.Status.Lease!.Token), checkpoint: null, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static string IdOf(HttpContext context) => context.Request.RouteValues[RouteName] as string ?? string.Empty;

    private static void ThrowIfRefused(HttpContext context, WorkerCallOutcome outcome)
    {
        if (outcome != WorkerCallOutcome.Accepted)
        {
            throw new RequestRefusedException(outcome switch
            {
                WorkerCallOutcome.Unknown => Problems.WorkerNotFound(IdOf(context)),
                WorkerCallOutcome.StaleIncarnation => Problems.StaleIncarnation(IdOf(context)),
                _ => Problems.Stopping(),
            });
        }
    }

    private static Problem Refusal(WorkerRegistration registration, RegisterResult result) => result switch
    {
        RegisterResult.Invalid invalid => Problems.Invalid(invalid.Errors),
        RegisterResult.HasHandler handled => Problems.TypeHasHandler(handled.TaskTypes),
        RegisterResult.StaleIncarnation => Problems.StaleIncarnation(registration.WorkerId),
        RegisterResult.TooManyWorkers full => Problems.TooManyWorkers(full.Max),
        RegisterResult.TooManyTaskTypes full => Problems.TooManyTaskTypes(full.Max),
        _ => throw new InvalidOperationException($"No answer to {result}."),
    };
}
