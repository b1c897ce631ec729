namespace TaskManager;

/// <summary>What came of the renewal of one lease.</summary>
/// <param name="IsLive">Whether the lease was live, and now lasts longer.</param>
/// <param name="Record">The task as it stands; <see langword="null"/> when it is not there, or not any more.</param>
public readonly record struct LeaseRenewal(bool IsLive, TaskRecord? Record);
