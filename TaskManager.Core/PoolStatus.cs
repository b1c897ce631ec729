namespace TaskManager;

/// <summary>The in-process pool at one moment.</summary>
/// <param name="IsRunning">Whether tasks are claimed.</param>
/// <param name="Slots">How many tasks may run at once.</param>
/// <param name="Busy">How many do.</param>
/// <param name="Suspended">How many attempts stand at a checkpoint, without a slot.</param>
/// <param name="Abandoned">How many abandoned handlers are still running.</param>
public sealed record PoolStatus(bool IsRunning, int Slots, int Busy, int Suspended, int Abandoned);
