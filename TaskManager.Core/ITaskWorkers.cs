using Microsoft.Extensions.Logging;

namespace TaskManager;

/// <summary>
/// The workers outside this process: they register, claim tasks under leases, say by heartbeats that they live, and report. The HTTP surface of workers is a translation of it.
/// What fences is the lease's token: a report that shows a stale one changes nothing.
/// </summary>
public interface ITaskWorkers
{
    /// <summary>Registers a worker, or takes over from the incarnation before it, whose leases end at once.</summary>
    /// <param name="registration">Who it is and what it runs.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>The worker, or why it was refused.</returns>
    ValueTask<RegisterResult> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken = default);

    /// <summary>Lets a worker go; what it holds is given back, at no cost to the tasks.</summary>
    /// <param name="workerId">Its id.</param>
    /// <param name="incarnation">Which start of it speaks; <see langword="null"/> when it does not say.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>Whether it was let go.</returns>
    ValueTask<WorkerCallOutcome> LeaveAsync(string workerId, string? incarnation, CancellationToken cancellationToken = default);

    /// <summary>Lists the workers, by id.</summary>
    /// <returns>Each as it stands.</returns>
    IReadOnlyList<WorkerStatus> List();

    /// <summary>Claims tasks of the types that the worker registered, in their order; waits for some when there are none.</summary>
    /// <param name="workerId">Its id.</param>
    /// <param name="incarnation">Which start of it speaks; <see langword="null"/> when it does not say.</param>
    /// <param name="max">How many at most, from 1 to 1000.</param>
    /// <param name="wait">How long to wait for the first; zero looks once.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is claimed then.</param>
    /// <returns>The tasks, each under a lease of its own; none when the wait was in vain.</returns>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    /// <exception cref="TooManyWaitersException">As many calls wait as may.</exception>
    ValueTask<ClaimAnswer> ClaimAsync(string workerId, string? incarnation, int max, TimeSpan wait, CancellationToken cancellationToken = default);

    /// <summary>Says that the worker lives and still holds some leases: they last longer; and hears what is asked of their tasks.</summary>
    /// <param name="workerId">Its id.</param>
    /// <param name="incarnation">Which start of it speaks; <see langword="null"/> when it does not say.</param>
    /// <param name="leases">What it holds.</param>
    /// <param name="wait">How long to wait for something to be asked that was not asked at the last answer; zero answers at once. At most the heartbeat interval.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What is asked.</returns>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    /// <exception cref="TooManyWaitersException">As many calls wait as may.</exception>
    ValueTask<HeartbeatAnswer> HeartbeatAsync(
        string workerId, string? incarnation, IReadOnlyList<LeaseReport> leases, TimeSpan wait, CancellationToken cancellationToken = default);

    /// <summary>Reports that an attempt did its work.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="proof">What shows that it is the reporter's.</param>
    /// <param name="result">The result.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>The answer, with the task as it stands then.</returns>
    ValueTask<TaskMove> CompleteAsync(Guid taskId, LeaseProof proof, JsonPayload result, CancellationToken cancellationToken = default);

    /// <summary>Reports that an attempt failed, or that it stopped as it was told.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="proof">What shows that it is the reporter's.</param>
    /// <param name="error">Why.</param>
    /// <param name="isRetryable">Whether another attempt may be made, as far as there are some left.</param>
    /// <param name="retryAfter">The delay before it; <see langword="null"/> for the type's back-off.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>The answer, with the task as it stands then.</returns>
    ValueTask<TaskMove> FailAsync(
        Guid taskId, LeaseProof proof, TaskError error, bool isRetryable = true, TimeSpan? retryAfter = null, CancellationToken cancellationToken = default);

    /// <summary>Gives a task back, at no cost to it: another worker takes it up.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="proof">What shows that it is the reporter's.</param>
    /// <param name="checkpoint">What the next attempt shall begin with; <see langword="null"/> to leave what there is.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>The answer, with the task as it stands then.</returns>
    ValueTask<TaskMove> ReleaseAsync(Guid taskId, LeaseProof proof, JsonPayload? checkpoint, CancellationToken cancellationToken = default);

    /// <summary>Reports how far an attempt has come.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="proof">What shows that it is the reporter's.</param>
    /// <param name="progress">How far.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>The answer, with the task as it stands then.</returns>
    ValueTask<TaskMove> ReportProgressAsync(Guid taskId, LeaseProof proof, TaskProgress progress, CancellationToken cancellationToken = default);

    /// <summary>Adds lines to the task's log.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="proof">What shows that it is the reporter's.</param>
    /// <param name="lines">The lines, in order.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>The answer, with the task as it stands then.</returns>
    ValueTask<TaskMove> AppendLogAsync(
        Guid taskId, LeaseProof proof, IReadOnlyList<(LogLevel Level, string Message)> lines, CancellationToken cancellationToken = default);
}
