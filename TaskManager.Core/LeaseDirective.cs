namespace TaskManager;

/// <summary>What is asked of a task that a worker runs.</summary>
public enum LeaseDirective : byte
{
    /// <summary>Go on, also after a pause.</summary>
    Continue,

    /// <summary>Stop, and report <c>fail</c> or <c>release</c>.</summary>
    Cancel,

    /// <summary>Stand still and say so, or release with a checkpoint.</summary>
    Pause,

    /// <summary>The task is no longer the worker's: whatever it reports changes nothing.</summary>
    Lost,
}
