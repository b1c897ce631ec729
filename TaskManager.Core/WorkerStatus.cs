namespace TaskManager;

/// <summary>One registered worker as it stands.</summary>
/// <param name="Registration">What it said of itself.</param>
/// <param name="IsAlive">Whether it has been heard of within the duration of a lease.</param>
/// <param name="RegisteredAt">When this start of it registered.</param>
/// <param name="SeenAt">When it was heard of last.</param>
/// <param name="TaskIds">The tasks that it holds.</param>
public sealed record WorkerStatus(WorkerRegistration Registration, bool IsAlive, DateTimeOffset RegisteredAt, DateTimeOffset SeenAt, IReadOnlyList<Guid> TaskIds);
