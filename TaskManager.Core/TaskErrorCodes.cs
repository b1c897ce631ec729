namespace TaskManager;

/// <summary>The codes that the library itself puts into <see cref="TaskError.Code"/>. A handler's own come from <see cref="TaskAttemptException"/>.</summary>
public static class TaskErrorCodes
{
    /// <summary>The handler threw.</summary>
    public const string HandlerFailed = "handler_failed";

    /// <summary>The attempt stopped after its time-out.</summary>
    public const string TimedOut = "timed_out";

    /// <summary>The handler ignored its token for longer than <see cref="TaskManagerOptions.AbandonAfter"/>; its code may still run.</summary>
    public const string Abandoned = "abandoned";

    /// <summary>A task that this one depends on did not complete.</summary>
    public const string DependencyFailed = "dependency_failed";

    /// <summary>The worker's lease ran out more often than the task may be rescued.</summary>
    public const string LeaseExpired = "lease_expired";

    /// <summary>The process shut down before the task had ended.</summary>
    public const string Shutdown = "shutdown";

    /// <summary>The result cannot be written as JSON.</summary>
    public const string ResultNotSerializable = "result_not_serializable";

    /// <summary>The result is larger than <see cref="TaskManagerOptions.MaxResultBytes"/>.</summary>
    public const string ResultTooLarge = "result_too_large";
}
