namespace TaskManager;

/// <summary>What a worker's claim was answered with.</summary>
/// <param name="Outcome">Whether it was heard.</param>
/// <param name="Tasks">The tasks, now the worker's; each record's lease has the token to report with.</param>
public sealed record ClaimAnswer(WorkerCallOutcome Outcome, IReadOnlyList<TaskRecord> Tasks);
