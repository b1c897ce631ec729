using Microsoft.Extensions.Logging;

namespace TaskManager.Workers;

/// <summary>The workers outside this process; each member hands over to the one that does the work.</summary>
internal sealed class TaskWorkers(Registrations registrations, Claims claims, Heartbeats heartbeats, Reports reports, Action start) : ITaskWorkers
{
    public ValueTask<RegisterResult> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(registration);
        start(); // leases need the timers, in an application without a host too
        return registrations.RegisterAsync(registration, cancellationToken);
    }

    public ValueTask<WorkerCallOutcome> LeaveAsync(string workerId, string? incarnation, CancellationToken cancellationToken) =>
        registrations.LeaveAsync(workerId, incarnation, cancellationToken);

    public IReadOnlyList<WorkerStatus> List() => registrations.List();

    public ValueTask<ClaimAnswer> ClaimAsync(string workerId, string? incarnation, int max, TimeSpan wait, CancellationToken cancellationToken) =>
        claims.ClaimAsync(workerId, incarnation, max, wait, cancellationToken);

    public ValueTask<HeartbeatAnswer> HeartbeatAsync(
        string workerId, string? incarnation, IReadOnlyList<LeaseReport> leases, TimeSpan wait, CancellationToken cancellationToken) =>
        heartbeats.HeartbeatAsync(workerId, incarnation, leases, wait, cancellationToken);

    public ValueTask<TaskMove> CompleteAsync(Guid taskId, LeaseProof proof, JsonPayload result, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(result);
        return reports.CompleteAsync(taskId, proof, result, cancellationToken);
    }

    public ValueTask<TaskMove> FailAsync(Guid taskId, LeaseProof proof, TaskError error, bool isRetryable, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(error);
        return reports.FailAsync(taskId, proof, error, isRetryable, retryAfter, cancellationToken);
    }

    public ValueTask<TaskMove> ReleaseAsync(Guid taskId, LeaseProof proof, JsonPayload? checkpoint, CancellationToken cancellationToken) =>
        reports.ReleaseAsync(taskId, proof, checkpoint, cancellationToken);

    public ValueTask<TaskMove> ReportProgressAsync(Guid taskId, LeaseProof proof, TaskProgress progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        return reports.ReportProgressAsync(taskId, proof, progress, cancellationToken);
    }

    public ValueTask<TaskMove> AppendLogAsync(Guid taskId, LeaseProof proof, IReadOnlyList<(LogLevel Level, string Message)> lines, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return reports.AppendLogAsync(taskId, proof, lines, cancellationToken);
    }
}
