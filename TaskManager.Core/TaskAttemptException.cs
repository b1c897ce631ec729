namespace TaskManager;

/// <summary>
/// Thrown by a handler to fail its attempt with a code of its own, and to say whether and when to try again.
/// Any other exception fails the attempt too, with the code <see cref="TaskErrorCodes.HandlerFailed"/>.
/// </summary>
public class TaskAttemptException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="TaskAttemptException"/> class.</summary>
    public TaskAttemptException()
        : this(TaskErrorCodes.HandlerFailed, "The task failed.")
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TaskAttemptException"/> class.</summary>
    /// <param name="message">A sentence for people.</param>
    public TaskAttemptException(string message)
        : this(TaskErrorCodes.HandlerFailed, message)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TaskAttemptException"/> class.</summary>
    /// <param name="message">A sentence for people.</param>
    /// <param name="innerException">What caused it.</param>
    public TaskAttemptException(string message, Exception? innerException)
        : this(TaskErrorCodes.HandlerFailed, message, innerException)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TaskAttemptException"/> class.</summary>
    /// <param name="code">A stable word for programs, in <c>snake_case</c>, 1 to 64 characters.</param>
    /// <param name="message">A sentence for people.</param>
    /// <param name="innerException">What caused it.</param>
    /// <exception cref="ArgumentException">The code is empty or longer than 64 characters.</exception>
    public TaskAttemptException(string code, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(code);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code.Length, 64, nameof(code));
        Code = code;
    }

    /// <summary>Gets the code that <see cref="TaskError.Code"/> will carry.</summary>
    public string Code { get; }

    /// <summary>Gets a value indicating whether another attempt may be made while there are attempts left. The default is <see langword="true"/>.</summary>
    public bool IsRetryable { get; init; } = true;

    /// <summary>Gets the delay before the next attempt, in place of the back-off; <see langword="null"/>, the default, for the back-off.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
