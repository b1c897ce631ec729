namespace TaskManager;

/// <summary>A task that was waited for ended failed.</summary>
public sealed class TaskFailedException : TaskNotCompletedException
{
    /// <summary>Initializes a new instance of the <see cref="TaskFailedException"/> class.</summary>
    public TaskFailedException()
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TaskFailedException"/> class.</summary>
    /// <param name="message">What happened.</param>
    public TaskFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TaskFailedException"/> class.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why.</param>
    public TaskFailedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal TaskFailedException(Guid taskId, TaskError? error, string message)
        : base(taskId, error, message)
    {
    }
}
