namespace TaskManager;

/// <summary>A task that was waited for ended timed out.</summary>
public sealed class TaskTimedOutException : TaskNotCompletedException
{
    /// <summary>Initializes a new instance of the <see cref="TaskTimedOutException"/> class.</summary>
    public TaskTimedOutException()
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TaskTimedOutException"/> class.</summary>
    /// <param name="message">What happened.</param>
    public TaskTimedOutException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TaskTimedOutException"/> class.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why.</param>
    public TaskTimedOutException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal TaskTimedOutException(Guid taskId, TaskError? error, string message)
        : base(taskId, error, message)
    {
    }
}
