namespace TaskManager;

/// <summary>What is asked of a worker as a whole.</summary>
public enum WorkerDirective : byte
{
    /// <summary>Go on.</summary>
    Run,

    /// <summary>Claim nothing more, and finish what is in hand: the service shuts down.</summary>
    Quiet,

    /// <summary>Stop what is in hand: the service will be gone in a moment.</summary>
    Terminate,
}
