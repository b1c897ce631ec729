namespace TaskManager;

/// <summary>How one attempt ended.</summary>
public enum AttemptOutcome : byte
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary>It returned a result that was accepted.</summary>
    Completed,

    /// <summary>It failed, or was still running when the process shut down.</summary>
    Failed,

    /// <summary>It stopped, or was abandoned, after its time-out.</summary>
    TimedOut,

    /// <summary>It stopped, or was abandoned, after a cancel.</summary>
    Cancelled,

    /// <summary>The worker gave the task back.</summary>
    Released,

    /// <summary>The worker fell silent for longer than its lease, or was replaced by a newer incarnation.</summary>
    LeaseExpired,
}
