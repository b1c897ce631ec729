using System.Globalization;

namespace TaskManager;

/// <summary>
/// As many calls wait for tasks as may (<see cref="TaskManagerOptions.MaxWaiters"/>), or as many watch (<see cref="TaskManagerOptions.MaxSubscribers"/>). Try again later, or look without
/// waiting.
/// </summary>
public sealed class TooManyWaitersException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="TooManyWaitersException"/> class.</summary>
    public TooManyWaitersException()
        : this("Too many calls wait for tasks.")
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TooManyWaitersException"/> class.</summary>
    /// <param name="message">What happened.</param>
    public TooManyWaitersException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TooManyWaitersException"/> class.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why.</param>
    public TooManyWaitersException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal TooManyWaitersException(int maxWaiters)
        : this(string.Create(CultureInfo.InvariantCulture, $"{maxWaiters} calls wait for tasks already, which is as many as may."))
    {
    }
}
