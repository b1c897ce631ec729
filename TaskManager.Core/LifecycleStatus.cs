namespace TaskManager;

/// <summary>
/// Where a task stands: the half of a <see cref="TaskRecord"/> that changes. A value; every change makes a new one, by <see cref="TaskLifecycle"/> alone.
/// </summary>
public sealed record LifecycleStatus
{
    /// <summary>Stands in <see cref="LegStartTicks"/> for the moment of admission, so that freshly queued tasks share one status.</summary>
    internal const long SinceAdmission = long.MinValue;

    /// <summary>Gets the state.</summary>
    public TaskState State { get; init; }

    /// <summary>Gets how the last attempt ended, once the task is final; <see cref="AttemptOutcome.None"/> while it lives, or when the end found none alive.</summary>
    public AttemptOutcome LastOutcome { get; init; }

    /// <summary>Gets a value indicating whether a cancel was asked and the running attempt has not stopped yet, or had not when it ended.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>Gets a value indicating whether a pause was asked and the running attempt has not felt it yet.</summary>
    public bool PauseRequested { get; init; }

    /// <summary>Gets a value indicating whether the time-out of the live attempt has fired.</summary>
    public bool TimeoutFired { get; init; }

    /// <summary>Gets a value indicating whether a live attempt stands at a checkpoint: <c>paused</c> is then <em>suspended</em>, and <c>queued</c> is <em>resuming</em>.</summary>
    public bool IsSuspended { get; init; }

    /// <summary>Gets the request that placed the task where it waits, so that its repetition can be told from a fault; forgotten at the next claim.</summary>
    public ReopeningRequest ReopenedBy { get; init; }

    /// <summary>Gets the number of changes of state or flag, counted from 1 at admission. Only rises.</summary>
    public int Version { get; init; }

    /// <summary>Gets the number of the last attempt; 0 before the first. Only rises, and fences late reports.</summary>
    public int Attempt { get; init; }

    /// <summary>Gets how many attempts failed or timed out since the last retry.</summary>
    public int Failures { get; init; }

    /// <summary>Gets how many leases expired since the last retry.</summary>
    public int Rescues { get; init; }

    /// <summary>Gets how often the task was retried after its end.</summary>
    public int Retries { get; init; }

    /// <summary>Gets how many of the tasks it depends on have not ended.</summary>
    public int UnfinishedParents { get; init; }

    /// <summary>Gets who may report for the live attempt; after the end, who did last. <see langword="null"/> before the first claim.</summary>
    public TaskLease? Lease { get; init; }

    /// <summary>Gets the attempts that ended before the last one, oldest first, at most the last <see cref="TaskLifecycle.MaxHistory"/>.</summary>
    public IReadOnlyList<TaskAttempt> EarlierAttempts { get; init; } = [];

    /// <summary>Gets the steady time at which the task becomes due, by its delay or its back-off; <see cref="TimeSpan.MinValue"/> for at once.</summary>
    public TimeSpan DueAt { get; init; } = TimeSpan.MinValue;

    /// <summary>Gets the result, the error or the worker's checkpoint: there is never more than one of them.</summary>
    internal object? Payload { get; init; }

    internal long StartedUtcTicks { get; init; }

    internal long FinishedUtcTicks { get; init; }

    /// <summary>Gets when the present leg (waiting in the queue, or running) began, in <see cref="ClockReading.Elapsed"/>.</summary>
    internal long LegStartTicks { get; init; } = SinceAdmission;

    internal TimeSpan WaitedBefore { get; init; }

    internal TimeSpan RanBefore { get; init; }

    /// <summary>Gets the result of a completed task: the value itself, or a <see cref="JsonPayload"/>.</summary>
    public object? Result => State == TaskState.Completed ? Payload : null;

    /// <summary>Gets why the task did not complete.</summary>
    public TaskError? Error => State.IsFinal() && State != TaskState.Completed ? Payload as TaskError : null;

    /// <summary>Gets what a worker that gave the task back wants the next one to begin with.</summary>
    public JsonPayload? Checkpoint => State.IsFinal() ? null : Payload as JsonPayload;

    /// <summary>Gets when the last attempt began; <see langword="null"/> before the first.</summary>
    public DateTimeOffset? StartedAt => StartedUtcTicks == 0 ? null : new DateTimeOffset(StartedUtcTicks, TimeSpan.Zero);

    /// <summary>Gets when the task ended; <see langword="null"/> before.</summary>
    public DateTimeOffset? FinishedAt => FinishedUtcTicks == 0 ? null : new DateTimeOffset(FinishedUtcTicks, TimeSpan.Zero);

    /// <summary>Gets a value indicating whether whoever runs the type may claim the task: not one whose attempt stands in a worker's memory, which that worker alone can let go on.</summary>
    internal bool IsClaimable => State == TaskState.Queued && !(IsSuspended && IsLeased);

    /// <summary>Gets a value indicating whether the live attempt is that of a worker, which must say again and again that it lives.</summary>
    internal bool IsLeased => HasLiveAttempt && Lease!.Token != Guid.Empty;

    /// <summary>Gets a value indicating whether an attempt has begun and not ended: it runs, stands at a checkpoint, or waits for a slot to go on.</summary>
    public bool HasLiveAttempt => State == TaskState.Processing || IsSuspended;
}
