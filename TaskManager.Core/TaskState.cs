namespace TaskManager;

/// <summary>Where a task stands in its life.</summary>
public enum TaskState : byte
{
    /// <summary>Accepted, not due yet: a delay, a moment to run at, or the back-off before the next attempt.</summary>
    Scheduled,

    /// <summary>Waits for tasks it depends on.</summary>
    Blocked,

    /// <summary>Due, waits for a free slot, in order.</summary>
    Queued,

    /// <summary>An attempt is running, in this process or on a worker that holds a lease.</summary>
    Processing,

    /// <summary>Held by request: no live attempt, or one that stands at a checkpoint.</summary>
    Paused,

    /// <summary>Final: the work was done; the result is kept until retention removes it.</summary>
    Completed,

    /// <summary>Final: the work failed; the error is kept until retention removes it.</summary>
    Failed,

    /// <summary>Final: the attempt stopped, or was abandoned, after its time-out had fired.</summary>
    TimedOut,

    /// <summary>Final: ended by request; the code has stopped or was never entered, or was abandoned, which the error says.</summary>
    Cancelled,
}
