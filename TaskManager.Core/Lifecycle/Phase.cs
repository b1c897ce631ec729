namespace TaskManager.Lifecycle;

/// <summary>A state, told apart by whether an attempt lives. The final ones stand last.</summary>
internal enum Phase : byte
{
    Scheduled,
    Blocked,
    Queued,
    Resuming,
    Processing,
    Waiting,
    Suspended,
    Completed,
    Failed,
    TimedOut,
    Cancelled,
}

internal static class Phases
{
    public static Phase Of(LifecycleStatus status) => status.State switch
    {
        TaskState.Scheduled => Phase.Scheduled,
        TaskState.Blocked => Phase.Blocked,
        TaskState.Queued => status.IsSuspended ? Phase.Resuming : Phase.Queued,
        TaskState.Processing => Phase.Processing,
        TaskState.Paused => status.IsSuspended ? Phase.Suspended : Phase.Waiting,
        TaskState.Completed => Phase.Completed,
        TaskState.Failed => Phase.Failed,
        TaskState.TimedOut => Phase.TimedOut,
        TaskState.Cancelled => Phase.Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status.State, "No such state."),
    };
}
