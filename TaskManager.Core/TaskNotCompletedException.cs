namespace TaskManager;

/// <summary>A task that was waited for ended without completing, or is not there. The derived types say which.</summary>
public class TaskNotCompletedException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="TaskNotCompletedException"/> class.</summary>
    public TaskNotCompletedException()
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TaskNotCompletedException"/> class.</summary>
    /// <param name="message">What happened.</param>
    public TaskNotCompletedException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TaskNotCompletedException"/> class.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why.</param>
    public TaskNotCompletedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal TaskNotCompletedException(Guid taskId, TaskError? error, string message)
        : base(message)
    {
        TaskId = taskId;
        Error = error;
    }

    /// <summary>Gets the id of the task.</summary>
    public Guid TaskId { get; }

    /// <summary>Gets why it did not complete; <see langword="null"/> when nothing more is known.</summary>
    public TaskError? Error { get; }
}
