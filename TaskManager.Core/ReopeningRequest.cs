namespace TaskManager;

/// <summary>The request that put a task back among those that wait to run.</summary>
public enum ReopeningRequest : byte
{
    /// <summary>None: it was admitted, became due, was released, or has been claimed since.</summary>
    None,

    /// <summary>A resume.</summary>
    Resume,

    /// <summary>A retry.</summary>
    Retry,
}
