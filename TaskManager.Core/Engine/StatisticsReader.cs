using TaskManager.Execution;
using TaskManager.Signals;
using TaskManager.Workers;

namespace TaskManager.Engine;

/// <summary>Puts together what the stations count.</summary>
internal sealed class StatisticsReader(
    ITaskStore store, ChangeFeed changes, WorkerPool pool, WorkerDirectory workers, TaskTypeRegistry types, TaskSignals signals, EventLog events, HeldLeases leases, Reports reports, TaskManagerOptions options)
{
    public async ValueTask<TaskStatistics> ReadAsync(CancellationToken cancellationToken)
    {
        TaskCounts counts = await store.CountAsync(cancellationToken).ConfigureAwait(false);
        (double throughput, double? successRate, DurationPercentiles wait, DurationPercentiles run) = changes.Measurements.Read(store.Now.Elapsed);
        PoolStatus status = pool.Status;
        return new TaskStatistics
        {
            Counts = counts,
            ThroughputPerSecond = throughput,
            SuccessRate = successRate,
            Wait = wait,
            Run = run,
            Pool = status,
            QueuedForPool = counts.ByType.Where(type => types.OfPool.Contains(type.Key)).Sum(type => type.Value[TaskState.Queued]),
            LeaseExpirations = leases.Expirations,
            LateReports = reports.Late,
            Bounds = new Dictionary<string, BoundUsage>(StringComparer.Ordinal)
            {
                ["queue"] = new(counts.Unfinished, options.QueueCapacity),
                ["retained"] = new(counts.ByState.Where(pair => pair.Key.IsFinal()).Sum(pair => pair.Value), options.MaxRetained),
                ["stored_bytes"] = new(counts.StoredBytes, options.MaxStoredBytes),
                ["waiters"] = new(signals.Waiters.Count, options.MaxWaiters),
                ["subscribers"] = new(events.Subscribers.Count, options.MaxSubscribers),
                ["events"] = new(events.Count, events.Capacity),
                ["event_bytes"] = new(events.TextBytes, events.MaxTextBytes),
                ["idempotency_keys"] = new(counts.IdempotencyKeys, options.MaxIdempotencyKeys),
                ["suspended"] = new(status.Suspended, options.MaxSuspended),
                ["workers"] = new(workers.Count, options.MaxWorkers),
                ["task_types"] = new(types.All.Count, options.MaxTaskTypes),
                ["abandoned"] = new(status.Abandoned, options.MaxAbandoned),
            },
        };
    }
}
