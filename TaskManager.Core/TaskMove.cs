namespace TaskManager;

/// <summary>What came of a request to move a task.</summary>
/// <param name="Outcome">The answer.</param>
/// <param name="Record">The task as it stands after it; without meaning when the outcome is <see cref="MoveOutcome.NotFound"/>.</param>
public readonly record struct TaskMove(MoveOutcome Outcome, TaskRecord Record)
{
    /// <summary>Gets a value indicating whether what was asked holds now, or is recorded.</summary>
    public bool IsAccepted => Outcome is MoveOutcome.Applied or MoveOutcome.Repeated;
}
