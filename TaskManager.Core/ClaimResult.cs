namespace TaskManager;

/// <summary>What came of a claim.</summary>
/// <param name="Count">How many tasks were claimed.</param>
/// <param name="RetryAfter">How long it is until a task that is only held back by the rate of its type may be claimed; <see langword="null"/> when there is none.</param>
public readonly record struct ClaimResult(int Count, TimeSpan? RetryAfter = null);
