namespace TaskManager;

/// <summary>How a task ended, to be looked at without an exception.</summary>
/// <typeparam name="TResult">What comes of a completed one.</typeparam>
/// <param name="State">The final state.</param>
/// <param name="Result">The result; the default of its type unless the state is <see cref="TaskState.Completed"/>.</param>
/// <param name="Error">Why it did not complete; <see langword="null"/> when it did, or when it was cancelled without more to say.</param>
public sealed record TaskOutcome<TResult>(TaskState State, TResult? Result, TaskError? Error)
{
    /// <summary>Gets a value indicating whether the task completed.</summary>
    public bool IsCompleted => State == TaskState.Completed;
}
