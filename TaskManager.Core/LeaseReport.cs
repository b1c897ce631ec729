namespace TaskManager;

/// <summary>What a worker's heartbeat says of one lease.</summary>
/// <param name="Lease">Which.</param>
/// <param name="Progress">How far the attempt has come; <see langword="null"/> for nothing new.</param>
/// <param name="IsPaused">Whether the attempt stands still, as it was asked to.</param>
/// <param name="Checkpoint">What the next attempt shall begin with, should this one not end well; <see langword="null"/> for nothing new.</param>
public readonly record struct LeaseReport(LeaseKey Lease, TaskProgress? Progress = null, bool IsPaused = false, JsonPayload? Checkpoint = null);
