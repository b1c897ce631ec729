namespace TaskManager;

/// <summary>A task that was waited for is not there, or not any more: it never was, or retention or a purge removed it.</summary>
public sealed class TaskNotFoundException : TaskNotCompletedException
{
    /// <summary>Initializes a new instance of the <see cref="TaskNotFoundException"/> class.</summary>
    public TaskNotFoundException()
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TaskNotFoundException"/> class.</summary>
    /// <param name="message">What happened.</param>
    public TaskNotFoundException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TaskNotFoundException"/> class.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why.</param>
    public TaskNotFoundException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal TaskNotFoundException(Guid taskId, TaskError? error, string message)
        : base(taskId, error, message)
    {
    }
}
