namespace TaskManager;

/// <summary>What came of one submission to a store.</summary>
/// <param name="Outcome">Whether a task answers it, or why none does.</param>
/// <param name="Record">The task that answers; only when the outcome says that there is one.</param>
/// <param name="UnknownParents">The tasks it wants to depend on that are not there.</param>
public readonly record struct AddResult(AddOutcome Outcome, TaskRecord Record = default, IReadOnlyList<Guid>? UnknownParents = null)
{
    /// <summary>Gets a value indicating whether a task answers the submission: a new one, or one that was there.</summary>
    public bool HasRecord => Outcome < AddOutcome.Full;
}
