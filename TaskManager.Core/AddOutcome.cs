namespace TaskManager;

/// <summary>How a store answers a submission. From <see cref="Full"/> on, no task answers it and nothing was kept.</summary>
public enum AddOutcome : byte
{
    /// <summary>A new task was admitted.</summary>
    Added,

    /// <summary>The same request was admitted before under its idempotency key; that task answers.</summary>
    Replayed,

    /// <summary>An unfinished task has the unique key; that task answers.</summary>
    JoinedUnique,

    /// <summary>A completed task of the same type and parameters answers.</summary>
    ReusedResult,

    /// <summary>There is no room.</summary>
    Full,

    /// <summary>The idempotency key belongs to another request.</summary>
    KeyReused,

    /// <summary>It wants to depend on a task that is not there.</summary>
    UnknownParents,

    /// <summary>It was not tried, since another one of the same atomic batch was refused.</summary>
    NotTried,

    /// <summary>The process shuts down.</summary>
    Stopping,
}
