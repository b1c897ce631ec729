namespace TaskManager;

/// <summary>What came of one submission.</summary>
public abstract record SubmitResult
{
    private SubmitResult()
    {
    }

    /// <summary>A task answers it.</summary>
    /// <param name="Task">The task: a new one, or one that was there.</param>
    /// <param name="Outcome">Which of the two, and why.</param>
    public sealed record Accepted(TaskRecord Task, AddOutcome Outcome) : SubmitResult;

    /// <summary>It is wrong.</summary>
    /// <param name="Errors">Every fault, by the path of the field.</param>
    public sealed record Invalid(IReadOnlyDictionary<string, IReadOnlyList<string>> Errors) : SubmitResult;

    /// <summary>There is no such task type.</summary>
    /// <param name="TaskType">The name that was given.</param>
    /// <param name="Nearest">The name that was meant, most likely; <see langword="null"/> when none comes near.</param>
    /// <param name="Errors">Every fault, that of <c>task_type</c> included, by the path of the field.</param>
    public sealed record UnknownType(string TaskType, string? Nearest, IReadOnlyDictionary<string, IReadOnlyList<string>> Errors) : SubmitResult;

    /// <summary>The idempotency key belongs to another request.</summary>
    public sealed record KeyReused : SubmitResult;

    /// <summary>As much is unfinished, or stored, as may be. Try again when something has ended.</summary>
    public sealed record QueueFull : SubmitResult;

    /// <summary>The process shuts down.</summary>
    public sealed record Stopping : SubmitResult;

    /// <summary>It was not tried, since another one of the same atomic batch was refused.</summary>
    public sealed record NotTried : SubmitResult;
}
