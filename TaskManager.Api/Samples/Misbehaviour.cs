namespace TaskManager.Api.Samples;

/// <summary>What a handler can do wrong.</summary>
internal enum Misbehaviour
{
    /// <summary>Throws after its time.</summary>
    Throw,

    /// <summary>Goes on for its time although its token fires.</summary>
    IgnoreCancel,

    /// <summary>Keeps its thread for its time, and ignores its token.</summary>
    BlockThread,

    /// <summary>Returns more than a result may have.</summary>
    BigResult,

    /// <summary>Returns what holds itself.</summary>
    CyclicResult,

    /// <summary>Reports progress for its time, as fast as it can.</summary>
    FloodProgress,

    /// <summary>Logs for its time, as fast as it can.</summary>
    FloodLog,

    /// <summary>Fails some times, then completes.</summary>
    Flaky,

    /// <summary>Throws in a callback of its token.</summary>
    ThrowInCancel,
}
