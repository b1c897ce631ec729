namespace TaskManager;

/// <summary>Whether a worker's call was heard.</summary>
public enum WorkerCallOutcome : byte
{
    /// <summary>It was.</summary>
    Accepted,

    /// <summary>No such worker is registered, or not any more: it must register again.</summary>
    Unknown,

    /// <summary>Another start of the worker has registered since: this one must end.</summary>
    StaleIncarnation,

    /// <summary>The process shuts down: nothing is claimed.</summary>
    Stopping,
}
