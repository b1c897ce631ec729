namespace TaskManager;

/// <summary>How the lifecycle answers an event.</summary>
public enum LifecycleVerdict : byte
{
    /// <summary>The move is allowed, and there is a next status.</summary>
    Applied,

    /// <summary>The same was asked before and holds already; nothing changes, and the answer is that of the first time.</summary>
    Repeated,

    /// <summary>No rule allows the event in this state; nothing changes.</summary>
    Refused,

    /// <summary>The report comes from an attempt or a lease that is no longer current; nothing changes.</summary>
    LeaseLost,
}
