using TaskManager.Execution;
using TaskManager.Workers;

namespace TaskManager.Engine;

/// <summary>Says why a task is not running.</summary>
internal sealed class Explanation(ITaskStore store, WorkerPool pool, WorkerDirectory workers)
{
    private static readonly TaskWaitReason Slot = new("slot");
    private static readonly TaskWaitReason Paused = new("paused");
    private static readonly TaskWaitReason PoolStopped = new("pool_stopped");
    private static readonly TaskWaitReason NoWorker = new("no_worker");

    // The two clocks are read one after the other, so they come a few ticks apart; a wall clock that was set is further off.
    private static readonly TimeSpan Jitter = TimeSpan.FromMilliseconds(1);

    public ValueTask<TaskWaitReason?> OfAsync(TaskRecord record, CancellationToken cancellationToken) => record.State switch
    {
        TaskState.Queued => new(OfQueued(record.Definition.Type, record.Status.IsSuspended)),
        TaskState.Paused => new(Paused),
        TaskState.Scheduled => new(new TaskWaitReason("run_at") { Until = DueAt(record, store.Now) }),
        TaskState.Blocked => ParentsAsync(record, cancellationToken),
        _ => default,
    };

    private TaskWaitReason OfQueued(TaskType type, bool goesOn) => NobodyRuns(type) ?? HoldOf(type) switch
    {
        TypeHold.Concurrency => new TaskWaitReason("type_limit") { TaskType = type },
        TypeHold.Rate when !goesOn => new TaskWaitReason("type_rate") { TaskType = type },
        _ => Slot,
    };

    private TaskWaitReason? NobodyRuns(TaskType type) => type.RunsOnWorkers
        ? workers.HasLiveWorker(type, store.Now.Elapsed) ? null : NoWorker
        : pool.Status.IsRunning ? null : PoolStopped;

    private TypeHold HoldOf(TaskType type) => type is { MaxConcurrency: null, Rate: null } ? TypeHold.None : store.HoldOf(type);

    private static DateTimeOffset DueAt(in TaskRecord record, ClockReading now)
    {
        ClockReading created = record.Definition.Created;
        TimeSpan delay = record.Definition.Options.Delay;
        TimeSpan apart = (now.Utc - created.Utc) - (now.Elapsed - created.Elapsed);
        if (delay > TimeSpan.Zero && delay <= DateTimeOffset.MaxValue - created.Utc && record.Status.DueAt == created.Elapsed + delay && apart.Duration() < Jitter)
        {
            return created.Utc + delay;
        }

        DateTimeOffset runAt = record.Definition.Options.RunAt ?? DateTimeOffset.MinValue;
        TimeSpan left = record.Status.DueAt > now.Elapsed ? record.Status.DueAt - now.Elapsed : TimeSpan.Zero;
        DateTimeOffset dueAt = left > DateTimeOffset.MaxValue - now.Utc ? DateTimeOffset.MaxValue : now.Utc + left;
        return runAt > dueAt ? runAt : dueAt;
    }

    private async ValueTask<TaskWaitReason?> ParentsAsync(TaskRecord record, CancellationToken cancellationToken)
    {
        var unfinished = new List<Guid>();
        foreach (Guid id in record.Definition.Options.DependsOn)
        {
            if (unfinished.Count < TaskWaitReason.MaxTaskIds
                && await store.FindAsync(id, cancellationToken).ConfigureAwait(false) is { IsDone: false })
            {
                unfinished.Add(id);
            }
        }

        return new TaskWaitReason("dependencies") { TaskIds = unfinished };
    }
}
