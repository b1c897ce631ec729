namespace TaskManager.Lifecycle;

/// <summary>What people ask of a task: pause, resume, cancel.</summary>
internal static class Request
{
    /// <summary>Holds a task that waits; a suspended attempt that was about to go on stays suspended.</summary>
    public static LifecycleMove Hold(in TaskRecord record, ClockReading now) => LifecycleMove.To(record.Status with
    {
        State = TaskState.Paused,
        Version = record.Status.Version + 1,
        ReopenedBy = ReopeningRequest.None,
        WaitedBefore = record.Waited(now),
    });

    public static LifecycleMove AskToPause(in TaskRecord record) => record.Status.PauseRequested
        ? LifecycleMove.Repeated
        : LifecycleMove.To(record.Status with
        {
            Version = record.Status.Version + 1,
            PauseRequested = true,
            ReopenedBy = ReopeningRequest.None,
        });

    public static LifecycleMove LetGoOn(in TaskRecord record, ClockReading now) => LifecycleMove.To(record.Status with
    {
        State = TaskState.Queued,
        Version = record.Status.Version + 1,
        ReopenedBy = ReopeningRequest.Resume,
        LegStartTicks = now.Elapsed.Ticks,
    });

    public static LifecycleMove TakeBackPause(in TaskRecord record) => record.Status.PauseRequested
        ? LifecycleMove.To(record.Status with
        {
            Version = record.Status.Version + 1,
            PauseRequested = false,
            ReopenedBy = ReopeningRequest.Resume,
        })
        : RepeatedIf(record, ReopeningRequest.Resume);

    public static LifecycleMove RepeatedIf(in TaskRecord record, ReopeningRequest request) =>
        record.Status.ReopenedBy == request ? LifecycleMove.Repeated : LifecycleMove.Refused;

    public static LifecycleMove CancelAtRest(in TaskRecord record, ClockReading now) =>
        LifecycleMove.To(Ending.AtRest(record, TaskState.Cancelled, error: null, now));

    /// <summary>The checkpoint throws, at once and outside the slots, so that the handler cleans up.</summary>
    public static LifecycleMove WakeToCancel(in TaskRecord record, ClockReading now) => LifecycleMove.To(record.Status with
    {
        State = TaskState.Processing,
        Version = record.Status.Version + 1,
        IsSuspended = false,
        CancelRequested = true,
        ReopenedBy = ReopeningRequest.None,
        LegStartTicks = now.Elapsed.Ticks,
        WaitedBefore = record.Waited(now),
    });

    public static LifecycleMove KeepCheckpoint(in TaskRecord record, in LifecycleEvent change) =>
        LifecycleMove.To(record.Status with { Version = record.Status.Version + 1, Payload = change.Data });

    public static LifecycleMove AskToCancel(in TaskRecord record) => record.Status.CancelRequested
        ? LifecycleMove.Repeated
        : LifecycleMove.To(record.Status with { Version = record.Status.Version + 1, CancelRequested = true });
}
