namespace TaskManager;

/// <summary>How a store answers a compare-and-set.</summary>
public enum UpdateOutcome : byte
{
    /// <summary>The status is in place.</summary>
    Updated,

    /// <summary>Somebody else changed the task in between; read it again and ask the lifecycle again.</summary>
    Stale,

    /// <summary>The task is not there any more.</summary>
    Missing,

    /// <summary>The task would be unfinished again, and there is no room.</summary>
    Full,

    /// <summary>The task would be unfinished again, and another unfinished one has its unique key.</summary>
    UniqueKeyTaken,

    /// <summary>The task would be unfinished again, and one that it depends on has not completed.</summary>
    ParentNotCompleted,

    /// <summary>A resumed attempt would go on, and as many of its type run as may: <see cref="TaskTypeOptions.MaxConcurrency"/>.</summary>
    TypeAtLimit,
}
