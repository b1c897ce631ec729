namespace TaskManager;

/// <summary>What a worker's heartbeat was answered with.</summary>
/// <param name="Outcome">Whether it was heard.</param>
/// <param name="Worker">What is asked of the worker as a whole.</param>
/// <param name="Tasks">What is asked of its tasks: one entry for each lease that it named, but none for those that ended by its own report.</param>
public sealed record HeartbeatAnswer(WorkerCallOutcome Outcome, WorkerDirective Worker, IReadOnlyList<TaskDirective> Tasks);

/// <summary>What is asked of one task on a worker.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Directive">What.</param>
/// <param name="LeaseDuration">How long the task is the worker's from now on without another heartbeat; zero when it is lost.</param>
public readonly record struct TaskDirective(Guid TaskId, LeaseDirective Directive, TimeSpan LeaseDuration);
