namespace TaskManager;

/// <summary>A submission is wrong; every fault is named.</summary>
public sealed class TaskValidationException : ArgumentException
{
    /// <summary>Initializes a new instance of the <see cref="TaskValidationException"/> class.</summary>
    public TaskValidationException()
        : this("The task is not valid.")
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TaskValidationException"/> class.</summary>
    /// <param name="message">What is wrong.</param>
    public TaskValidationException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TaskValidationException"/> class.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">Why.</param>
    public TaskValidationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal TaskValidationException(IReadOnlyDictionary<string, IReadOnlyList<string>> errors)
        : this(string.Join(Environment.NewLine, errors.SelectMany(field => field.Value, (field, message) => $"{field.Key} {message}")))
    {
        Errors = errors;
    }

    /// <summary>Gets every fault, by the path of the field as it is called on the wire, such as <c>parameters.numbers</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors { get; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
}
