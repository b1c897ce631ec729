using System.Diagnostics;
using TaskManager.Queueing;

namespace TaskManager.Storage;

/// <summary>
/// The store that keeps everything in this process's memory. One short gate makes <em>number and insert</em>, <em>take and stamp</em> and <em>compare and set</em> single steps;
/// look-ups and lists never take it.
/// </summary>
internal sealed partial class InMemoryTaskStore : ITaskStore
{
    private readonly Lock _gate = new();
    private readonly TaskManagerOptions _options;
    private readonly TimeProvider _clock;
    private readonly long _origin;
    private readonly TaskTable _table = new();
    private readonly TaskLister _lister;
    private readonly SequencedIds _ids = new(); // guarded by _gate, as is all below
    private readonly ReadySet _ready = new();
    private readonly TypeQueues _types;
    private readonly Deadlines<TaskEntry> _leases = new();
    private readonly DueTimes<TaskEntry> _due = new(entry => entry.Status);
    private readonly DependencyGraph _dependencies = new();
    private readonly FinishedTasks _finished = new();
    private readonly KeyIndex _keys;
    private readonly RemovedIds _removedIds = new();
    private readonly Occupancy _occupancy;
    private long _accepted;
    private long _removed;

    public InMemoryTaskStore(TaskManagerOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _origin = clock.GetTimestamp();
        _lister = new TaskLister(_table);
        _types = new TypeQueues(_ready);
        _keys = new KeyIndex(options.MaxIdempotencyKeys);
        _occupancy = new Occupancy(options);
    }

    public event Action<TaskChange>? Changed;

    public ClockReading Now => new(_clock.GetUtcNow(), _clock.GetElapsedTime(_origin));

    public bool IsFull => _occupancy.IsFull;

    public ValueTask<UpdateOutcome> TryUpdateAsync(TaskRecord before, LifecycleStatus after, CancellationToken cancellationToken)
    {
        UpdateOutcome outcome;
        bool tell;
        lock (_gate)
        {
            outcome = TryUpdateLocked(before, after);
            tell = _dependencies.HasWork;
        }

        if (tell)
        {
            TellDependants();
        }

        return new ValueTask<UpdateOutcome>(outcome);
    }

    private UpdateOutcome TryUpdateLocked(in TaskRecord before, LifecycleStatus after)
    {
        if (_table.Find(before.Id) is not { } entry)
        {
            return UpdateOutcome.Missing;
        }

        // Identity, not equality: only the reference proves that nobody was in between.
        if (!ReferenceEquals(entry.Status, before.Status))
        {
            return UpdateOutcome.Stale;
        }

        if (before.State.IsFinal())
        {
            if (!DependencyGraph.MayRetry(entry))
            {
                return UpdateOutcome.ParentNotCompleted;
            }

            if (!_keys.IsUniqueKeyFree(entry.Definition))
            {
                return UpdateOutcome.UniqueKeyTaken;
            }

            if (IsFull)
            {
                return UpdateOutcome.Full;
            }
        }
        else if (before.State == TaskState.Queued && after is { State: TaskState.Processing, CancelRequested: false } && (before.Status.IsClaimable ? entry.Queue.IsAtLimit : !entry.Queue.MayGoOn))
        {
            return UpdateOutcome.TypeAtLimit;
        }

        SetLocked(entry, after, Now);
        return UpdateOutcome.Updated;
    }

    /// <summary>Makes every change but the admission, and keeps all that is derived from the state in step with it.</summary>
    private void SetLocked(TaskEntry entry, LifecycleStatus after, ClockReading now)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread, "A status changes inside the gate only.");
        LifecycleStatus before = entry.Status;
        entry.Swap(after);
        entry.Queue.Resuming += (IsResumingAtWorker(after) ? 1 : 0) - (IsResumingAtWorker(before) ? 1 : 0);
        if (before.State != after.State)
        {
            _table.Move(entry, before.State, after.State);
            entry.Queue.Counts[before.State]--;
            entry.Queue.Counts[after.State]++;
            LeaveLocked(entry, before.State);
            EnterLocked(entry, after.State, now);
        }
        else if (after.IsClaimable && !before.IsClaimable)
        {
            _ready.Insert(entry); // queued as before, but the worker that alone could let it go on has lost it
        }
        else if (after.IsClaimable && before.IsSuspended && !after.IsSuspended)
        {
            entry.Queue.BeginAnew(entry); // queued as before, but its attempt has ended there
        }

        entry.AssertReadyOnlyIfQueued();
        if (before.IsLeased != after.IsLeased)
        {
            FollowLeaseLocked(entry, after);
        }

        _occupancy.Grow(Occupancy.SizeOf(after.Payload) - Occupancy.SizeOf(before.Payload));
        Changed?.Invoke(new TaskChange(entry.Record, before.State, now));
        if (after.State.IsFinal() && !before.State.IsFinal())
        {
            EndLocked(entry, now);
        }
    }

    private static bool IsResumingAtWorker(LifecycleStatus status) => status.State == TaskState.Queued && !status.IsClaimable;

    private void LeaveLocked(TaskEntry entry, TaskState state)
    {
        if (state == TaskState.Queued && entry.IsReady)
        {
            _ready.Remove(entry); // a claim has taken it out already
        }
        else if (state == TaskState.Scheduled)
        {
            _due.Left();
        }
        else if (state.IsFinal())
        {
            _finished.Leave(entry);
            _occupancy.Began();
            _keys.Unfinished(entry);
            DependencyGraph.Count(entry);
        }
    }

    private void EnterLocked(TaskEntry entry, TaskState state, ClockReading now)
    {
        if (entry.Status.IsClaimable)
        {
            _ready.Insert(entry);
        }
        else if (state == TaskState.Scheduled)
        {
            _due.Add(entry, entry.Definition, now);
        }
        else if (state.IsFinal())
        {
            _finished.Add(entry, now);
        }
    }

    private void EndLocked(TaskEntry entry, ClockReading now)
    {
        _occupancy.Ended();
        _keys.Ended(entry, now);
        foreach (TaskEntry overdue in _dependencies.Ended(entry))
        {
            RemoveLocked(overdue);
        }

        if (entry.IsUnwanted)
        {
            RemoveUnlessNeededLocked(entry);
        }

        // At most a few at a time: each end makes room for itself, and the sweep does the rest.
        RemoveOldestLocked(now, atMost: 2);
    }
}
