using TaskManager.Diagnostics;
using TaskManager.Execution;
using TaskManager.Signals;
using TaskManager.Workers;

namespace TaskManager.Engine;

/// <summary>Listens to the store and tells every station what it must know. Called inside the store's gate: quick, and never back.</summary>
internal sealed class ChangeFeed
{
    private readonly ITaskStore _store;
    private readonly TaskSignals _signals;
    private readonly EventLog _events;
    private readonly RoomHint _room;
    private readonly WorkerPool _pool;
    private readonly HeldLeases _leases;
    private readonly ClaimWaiters _claims;
    private readonly TypeTallies _tallies;
    private readonly Pulse _idle = new();
    private readonly long[] _lostByState = new long[TaskStates.Count];
    private long _active; // queued or processing

    public ChangeFeed(ITaskStore store, TaskSignals signals, EventLog events, RoomHint room, WorkerPool pool, HeldLeases leases, ClaimWaiters claims, TypeTallies tallies)
    {
        _store = store;
        _signals = signals;
        _events = events;
        _room = room;
        _pool = pool;
        _leases = leases;
        _claims = claims;
        _tallies = tallies;
        store.Changed += OnChanged;
    }

    public TaskMeasurements Measurements { get; } = new();

    /// <summary>Gets how many tasks the shutdown ended that stood in a state.</summary>
    public long Lost(TaskState state) => Interlocked.Read(ref _lostByState[(int)state]);

    public async Task WhenIdleAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next = _idle.Next();

            // Counted by the store itself, since the count here may fall to nothing between the end of a task and the start of those that waited for it.
            TaskCounts counts = await _store.CountAsync(cancellationToken).ConfigureAwait(false);
            if (counts.ByState[TaskState.Queued] + counts.ByState[TaskState.Processing] == 0)
            {
                return;
            }

            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void OnChanged(TaskChange change)
    {
        TaskState state = change.Record.State;
        ClockReading now = change.At;
        Measurements.Record(change);
        _tallies.Record(change);
        _leases.Learn(change);
        if (change.From == state)
        {
            if (change.Record.Status.IsClaimable)
            {
                Hint(change.Record.Definition.Type); // the worker that alone could let it go on has lost it
            }

            return; // a flag alone: whoever runs the task is told of it directly
        }

        _events.AppendStatus(change.Record, now.Utc);
        _signals.Raise(change.Record);
        CountActive(change.From, state);
        if (state == TaskState.Queued || (change.Record.Definition.Type.MaxConcurrency is not null && MayFreeAPlace(change.From, state)))
        {
            Hint(change.Record.Definition.Type); // there is a task to claim, or one of a type that was at its limit
        }

        if (state == TaskState.Queued)
        {
            return;
        }

        if (state == TaskState.Scheduled)
        {
            _pool.Alarm.NoLaterThan(DueAt(change.Record, now));
        }
        else if (state.IsFinal())
        {
            _room.Raise();
            if (change.Record.Status.Error?.Code == TaskErrorCodes.Shutdown && change.From is { } from)
            {
                Interlocked.Increment(ref _lostByState[(int)from]);
            }
        }
    }

    private void Hint(TaskType type)
    {
        if (type.RunsOnWorkers)
        {
            _claims.Hint(type.Name);
        }
        else
        {
            _pool.Hint();
        }
    }

    private void CountActive(TaskState? from, TaskState to)
    {
        int change = (IsActive(to) ? 1 : 0) - (from is { } before && IsActive(before) ? 1 : 0);
        if (change != 0 && Interlocked.Add(ref _active, change) == 0)
        {
            _idle.Raise();
        }
    }

    // A place of the type: that of an attempt that ran, or that was kept for one that was about to go on at its worker.
    private static bool MayFreeAPlace(TaskState? from, TaskState to) => from == TaskState.Processing || (from == TaskState.Queued && to != TaskState.Processing);

    private static bool IsActive(TaskState state) => state is TaskState.Queued or TaskState.Processing;

    private static TimeSpan DueAt(in TaskRecord record, ClockReading now)
    {
        // Never before now: the moment may have come between the decision and the change.
        TimeSpan byWall = record.Definition.Options.RunAt is { } runAt && runAt > now.Utc ? now.Elapsed + (runAt - now.Utc) : now.Elapsed;
        return record.Status.DueAt > byWall ? record.Status.DueAt : byWall;
    }
}
