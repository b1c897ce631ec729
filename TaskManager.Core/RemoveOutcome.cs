namespace TaskManager;

/// <summary>How a store answers the wish to remove a task.</summary>
public enum RemoveOutcome : byte
{
    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>It has not ended; it is removed once it has.</summary>
    Unfinished,

    /// <summary>Unfinished tasks depend on it.</summary>
    HasDependants,
}
