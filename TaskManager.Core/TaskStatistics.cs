namespace TaskManager;

/// <summary>What the manager counts and measures, at one moment.</summary>
public sealed record TaskStatistics
{
    /// <summary>Gets how many tasks there are.</summary>
    public required TaskCounts Counts { get; init; }

    /// <summary>Gets how many tasks ended per second, over the last 60 seconds.</summary>
    public required double ThroughputPerSecond { get; init; }

    /// <summary>Gets the share of the completed among those that completed, failed or timed out since the start, from 0 to 1; <see langword="null"/> before the first.</summary>
    public required double? SuccessRate { get; init; }

    /// <summary>Gets how long tasks stood in the queue before an attempt, over the last 5 minutes.</summary>
    public required DurationPercentiles Wait { get; init; }

    /// <summary>Gets how long tasks ran until their end, over the last 5 minutes.</summary>
    public required DurationPercentiles Run { get; init; }

    /// <summary>Gets the in-process pool.</summary>
    public required PoolStatus Pool { get; init; }

    /// <summary>Gets how many tasks wait for a slot of the in-process pool; those that wait for workers do not count.</summary>
    public required long QueuedForPool { get; init; }

    /// <summary>Gets how many leases of workers have run out since the start, or ended because their workers were started anew.</summary>
    public required long LeaseExpirations { get; init; }

    /// <summary>Gets how many reports of workers came when the task was no longer theirs, since the start.</summary>
    public required long LateReports { get; init; }

    /// <summary>Gets every bound and how full it is, by its name on the wire.</summary>
    public required IReadOnlyDictionary<string, BoundUsage> Bounds { get; init; }
}
