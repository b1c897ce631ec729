namespace TaskManager;

/// <summary>A task that was waited for ended cancelled.</summary>
public sealed class TaskCancelledException : TaskNotCompletedException
{
    /// <summary>Initializes a new instance of the <see cref="TaskCancelledException"/> class.</summary>
    public TaskCancelledException()
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TaskCancelledException"/> class.</summary>
    /// <param name="message">What happened.</param>
    public TaskCancelledException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TaskCancelledException"/> class.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why.</param>
    public TaskCancelledException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal TaskCancelledException(Guid taskId, TaskError? error, string message)
        : base(taskId, error, message)
    {
    }
}
