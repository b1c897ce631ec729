namespace TaskManager;

/// <summary>Names one lease.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Token">The lease's token.</param>
public readonly record struct LeaseKey(Guid TaskId, Guid Token);
