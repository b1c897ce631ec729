namespace TaskManager;

/// <summary>The process shuts down: no task is accepted any more.</summary>
public sealed class TaskManagerStoppingException : InvalidOperationException
{
    /// <summary>Initializes a new instance of the <see cref="TaskManagerStoppingException"/> class.</summary>
    public TaskManagerStoppingException()
        : this("The process shuts down: no task is accepted any more.")
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TaskManagerStoppingException"/> class.</summary>
    /// <param name="message">What happened.</param>
    public TaskManagerStoppingException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TaskManagerStoppingException"/> class.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why.</param>
    public TaskManagerStoppingException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
