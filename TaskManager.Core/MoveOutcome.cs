namespace TaskManager;

/// <summary>How a request to move a task was answered.</summary>
public enum MoveOutcome : byte
{
    /// <summary>The task moved, or the request is recorded with its running attempt.</summary>
    Applied,

    /// <summary>The same was asked before and holds already.</summary>
    Repeated,

    /// <summary>No rule allows it in the task's state; nothing changed.</summary>
    Refused,

    /// <summary>The report comes from an attempt or a lease that is no longer current; nothing changed.</summary>
    LeaseLost,

    /// <summary>There is no such task, or none any more.</summary>
    NotFound,

    /// <summary>The task would be unfinished again, and there is no room.</summary>
    Full,

    /// <summary>The task would be unfinished again, and another unfinished one has its unique key.</summary>
    UniqueKeyTaken,

    /// <summary>The task would be unfinished again, and one that it depends on has not completed.</summary>
    ParentNotCompleted,

    /// <summary>The task would be unfinished again, and the process shuts down.</summary>
    Stopping,
}
