namespace TaskManager.Lifecycle;

/// <summary>The final status, whatever led to it.</summary>
internal static class Ending
{
    /// <summary>Ends a task whose attempt lives.</summary>
    public static LifecycleStatus OfAttempt(
        in TaskRecord record, TaskState state, AttemptOutcome outcome, object? payload, ClockReading now, string? report = null) =>
        record.Status with
        {
            State = state,
            Version = record.Status.Version + 1,
            LastOutcome = outcome,
            PauseRequested = false,
            IsSuspended = false,
            ReopenedBy = ReopeningRequest.None,
            Lease = Reported(record.Status.Lease, report),
            Payload = payload,
            FinishedUtcTicks = NotBefore(record.Status.StartedUtcTicks, now),
            RanBefore = record.Ran(now),
            WaitedBefore = record.Waited(now),
        };

    /// <summary>Ends a task that no attempt is alive of.</summary>
    public static LifecycleStatus AtRest(in TaskRecord record, TaskState state, TaskError? error, ClockReading now) =>
        record.Status with
        {
            State = state,
            Version = record.Status.Version + 1,
            ReopenedBy = ReopeningRequest.None,
            Payload = error,
            FinishedUtcTicks = NotBefore(LastMoment(record), now),
            WaitedBefore = record.Waited(now),
        };

    /// <summary>Notes by which report an attempt ended.</summary>
    public static TaskLease? Reported(TaskLease? lease, string? report) => report is null ? lease : lease! with { Report = report };

    /// <summary>Moments never go back, even when the wall clock does.</summary>
    public static long NotBefore(long previousUtcTicks, ClockReading now) => Math.Max(previousUtcTicks, now.Utc.UtcTicks);

    /// <summary>Finds the latest moment of a task that no attempt is alive of: its admission, or the end of the attempt before.</summary>
    public static long LastMoment(in TaskRecord record) => Math.Max(
        record.Definition.Created.Utc.UtcTicks,
        record.Status.EarlierAttempts is [.., { FinishedAt: { } ended }] ? ended.UtcTicks : 0);
}
