namespace TaskManager.Lifecycle;

/// <summary>Where a task that has no live attempt belongs: blocked while a parent is unfinished, else scheduled while not due, else queued.</summary>
internal static class Placement
{
    /// <summary>The first status of every task that is free to run at once; it holds nothing of one task alone.</summary>
    private static readonly LifecycleStatus Fresh = new() { State = TaskState.Queued, Version = 1 };

    public static LifecycleStatus Admit(TaskDefinition definition, int unfinishedParents, TaskError? failedParent, ClockReading now)
    {
        if (failedParent is not null)
        {
            return new LifecycleStatus
            {
                State = TaskState.Cancelled,
                Version = 1,
                Payload = failedParent,
                FinishedUtcTicks = now.Utc.UtcTicks,
            };
        }

        SubmitOptions options = definition.Options;
        if (unfinishedParents == 0 && options.Delay <= TimeSpan.Zero && options.RunAt is null)
        {
            return Fresh;
        }

        LifecycleStatus admitted = Fresh with
        {
            UnfinishedParents = unfinishedParents,
            DueAt = DueAtAdmission(definition),
            LegStartTicks = now.Elapsed.Ticks,
        };
        return admitted with { State = PlaceOf(definition, admitted, now) };
    }

    public static LifecycleMove Due(in TaskRecord record, ClockReading now) =>
        IsDue(record.Definition, record.Status, now) ? LifecycleMove.To(Placed(record, record.Status, now)) : LifecycleMove.Refused;

    public static LifecycleMove Resume(in TaskRecord record, ClockReading now) =>
        LifecycleMove.To(Placed(record, record.Status with { ReopenedBy = ReopeningRequest.Resume }, now));

    /// <summary>Begins a new life. The store lets it happen only when every parent has completed, so none is waited for.</summary>
    public static LifecycleMove Retry(in TaskRecord record, ClockReading now)
    {
        LifecycleStatus before = record.Status;
        LifecycleStatus reopened = before with
        {
            EarlierAttempts = History.With(before.EarlierAttempts, record.LastAttempt()),
            LastOutcome = AttemptOutcome.None,
            CancelRequested = false,
            PauseRequested = false,
            TimeoutFired = false,
            ReopenedBy = ReopeningRequest.Retry,
            DueAt = DueAtAdmission(record.Definition), // no back-off of the life before
            Failures = 0,
            Rescues = 0,
            Retries = before.Retries + 1,
            UnfinishedParents = 0,
            Payload = null,
            FinishedUtcTicks = 0,
            WaitedBefore = TimeSpan.Zero,
            RanBefore = TimeSpan.Zero,
        };
        return LifecycleMove.To(Placed(record, reopened, now));
    }

    private static TimeSpan DueAtAdmission(TaskDefinition definition) => definition.Options.Delay > TimeSpan.Zero
        ? definition.Created.Elapsed + definition.Options.Delay
        : TimeSpan.MinValue;

    /// <summary>Puts a status without a live attempt where it belongs; the old place in the order is the definition's sequence and stays.</summary>
    public static LifecycleStatus Placed(in TaskRecord record, LifecycleStatus status, ClockReading now) => status with
    {
        State = PlaceOf(record.Definition, status, now),
        Version = record.Status.Version + 1,
        IsSuspended = false,
        LegStartTicks = now.Elapsed.Ticks,
    };

    private static TaskState PlaceOf(TaskDefinition definition, LifecycleStatus status, ClockReading now) =>
        status.UnfinishedParents > 0 ? TaskState.Blocked
        : IsDue(definition, status, now) ? TaskState.Queued
        : TaskState.Scheduled;

    private static bool IsDue(TaskDefinition definition, LifecycleStatus status, ClockReading now) =>
        status.DueAt <= now.Elapsed && !(definition.Options.RunAt > now.Utc);
}
