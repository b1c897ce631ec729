using System.Diagnostics;
using TaskManager.Lifecycle;
using TaskManager.Queueing;

namespace TaskManager.Storage;

/// <summary>
/// One kept task. Readers take the references to its status and its progress without a lock; only <see cref="InMemoryTaskStore"/> swaps them, inside its gate.
/// </summary>
internal sealed class TaskEntry(TaskDefinition definition, LifecycleStatus status, TypeQueue queue, Segment segment)
    : QueueItem(definition, queue)
{
    private LifecycleStatus _status = status;
    private TaskProgress? _progress;
    private TaskLog? _log; // made with the first line

    public Segment Segment { get; } = segment;

    public LifecycleStatus Status => Volatile.Read(ref _status);

    public override bool BeginsAttempt => !Status.IsSuspended;

    public TaskRecord Record => new(Definition, Status, Volatile.Read(ref _progress));

    /// <summary>Gets or sets a value indicating whether the store has let go of the task.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>Gets or sets a value indicating whether somebody asked to remove the task before it had ended.</summary>
    public bool IsUnwanted { get; set; }

    /// <summary>Gets or sets the ties to parents and dependants; <see langword="null"/> for the many tasks that have none.</summary>
    public DependencyTies? Ties { get; set; }

    public TaskLog? Log => Volatile.Read(ref _log);

    /// <summary>Puts the next status in place.</summary>
    public void Swap(LifecycleStatus after)
    {
        TaskLaws.AssertMayFollow(_status, after);

        // The entry is its own lock, seen by nobody else and held for a few instructions: one of its own would cost 40 bytes a task.
        lock (this)
        {
            if (after.Retries != _status.Retries)
            {
                Volatile.Write(ref _progress, null); // a new life has come nowhere yet
            }

            // A full fence: whoever subscribes to the task and then looks must not be missed by whoever changes it and then looks for subscribers.
            Interlocked.Exchange(ref _status, after);
        }
    }

    /// <summary>Keeps the latest progress of a live attempt; without the gate, which a flood of reports would otherwise hold.</summary>
    /// <returns><see langword="false"/> when the attempt has ended.</returns>
    public bool TryReport(int attempt, TaskProgress progress)
    {
        lock (this)
        {
            bool isLive = _status.Attempt == attempt && _status.HasLiveAttempt;
            if (isLive)
            {
                Volatile.Write(ref _progress, progress with { Count = (_progress?.Count ?? 0) + 1 });
            }

            return isLive;
        }
    }

    /// <summary>Gets the log to write to, if a live attempt asks for it.</summary>
    public TaskLog? LogOf(int attempt, int capacity)
    {
        lock (this)
        {
            return _status.Attempt == attempt && _status.HasLiveAttempt ? _log ??= new TaskLog(capacity) : null;
        }
    }

    [Conditional("DEBUG")]
    public void AssertReadyOnlyIfQueued() => Debug.Assert(IsReady == Status.IsClaimable, "Exactly the tasks that may be claimed are in the ready set.");
}
