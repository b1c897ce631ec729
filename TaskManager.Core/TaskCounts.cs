namespace TaskManager;

/// <summary>How many tasks there are, all counted at one moment: <see cref="Accepted"/> is the sum over the states and <see cref="Removed"/>.</summary>
public sealed record TaskCounts
{
    /// <summary>Gets how many tasks were ever admitted.</summary>
    public required long Accepted { get; init; }

    /// <summary>Gets how many of them were removed, by retention or on request.</summary>
    public required long Removed { get; init; }

    /// <summary>Gets how many stand in each state, by type; types without any task are missing.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<TaskState, long>> ByType { get; init; }

    /// <summary>Gets how many stand in each state; every state is there.</summary>
    public required IReadOnlyDictionary<TaskState, long> ByState { get; init; }

    /// <summary>Gets how many bytes of JSON the kept parameters and results take.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>Gets how many kept tasks have an idempotency key.</summary>
    public required int IdempotencyKeys { get; init; }

    /// <summary>Gets how many tasks have not ended.</summary>
    public long Unfinished => ByState.Where(pair => !pair.Key.IsFinal()).Sum(pair => pair.Value);
}
