using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using TaskManager.Diagnostics;
using TaskManager.Execution;
using TaskManager.Queueing;
using TaskManager.Signals;

namespace TaskManager.Workers;

/// <summary>The live leases of all workers: learns from the store how their tasks stand, wakes the workers that must know, and fires time-outs.</summary>
internal sealed class HeldLeases(
    WorkerDirectory directory, ITaskStore store, Transitions transitions, EventLog events, Alarm alarm, TaskManagerOptions options, TaskManagerMetrics metrics, ILogger log)
{
    /// <summary>What the store could not do is tried again after this long: it may be away for a moment, and must not be asked without end.</summary>
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, HeldLease> _byTask = new();
    private readonly Lock _gate = new();
    private readonly Deadlines<HeldLease> _deadlines = new(); // guarded by _gate
    private readonly ConcurrentQueue<(TaskRecord Record, TaskLease Lease)> _expired = new(); // to be logged outside the store's gate
    private readonly ResumingLeases _resuming = new();
    private readonly Pulse _less = new();
    private long _expirations;
    private int _isTerminating;

    /// <summary>Gets how many leases have run out, or ended because their workers were started anew.</summary>
    public long Expirations => Interlocked.Read(ref _expirations);

    /// <summary>Gets a value indicating whether all that runs shall stop, since the process ends.</summary>
    public bool IsTerminating => Volatile.Read(ref _isTerminating) == 1;

    public HeldLease? Find(LeaseKey key) => _byTask.TryGetValue(key.TaskId, out HeldLease? held) && held.Key == key ? held : null;

    /// <summary>Finds a lease of one worker; a worker that has registered once more without having been started anew still has those that it held before.</summary>
    public HeldLease? FindOf(RemoteWorker worker, LeaseKey key)
    {
        if (Find(key) is not { } held || !string.Equals(held.Status.Lease!.Holder, worker.Holder, StringComparison.Ordinal))
        {
            return null;
        }

        if (held.Worker != worker)
        {
            Adopt(held, worker);
        }

        return held;
    }

    /// <summary>Takes notice of a change. Called inside the store's gate: quick, and never back.</summary>
    public void Learn(in TaskChange change)
    {
        LifecycleStatus status = change.Record.Status;
        if (status.Lease is not { } lease || lease.Token == Guid.Empty)
        {
            return; // the common case: the task runs here, or not at all
        }

        var key = new LeaseKey(change.Record.Id, lease.Token);
        HeldLease? held = Find(key);
        if (status.IsLeased)
        {
            held ??= Begin(change.Record, lease);
            held.Learn(status, options.AbandonAfter, change.At.Elapsed);
            SetDeadline(held);
            _resuming.Learn(held, isOver: false);
        }
        else if (held is not null)
        {
            End(held, change.At);
            _resuming.Learn(held, isOver: true);
            NoteIfExpired(change.Record, lease);
        }

        held?.Worker?.Asked.RaiseLater();
        if (change.From == TaskState.Processing && status.State != TaskState.Processing)
        {
            _resuming.Wake(change.Record.Definition.Type);
        }

        if (held is not null && status.State != TaskState.Processing)
        {
            _less.RaiseLater();
        }
    }

    /// <summary>Keeps the latest progress of a lease, and sees to it that it is told.</summary>
    public void Report(HeldLease held, TaskProgress progress)
    {
        held.Report(progress, store.Now);
        SetDeadline(held);
    }

    /// <summary>Does what is due: tells of progress, fires time-outs, and abandons attempts whose workers were told to stop too long ago.</summary>
    public async ValueTask MeetDeadlinesAsync()
    {
        while (_expired.TryDequeue(out (TaskRecord Record, TaskLease Lease) lost))
        {
            TaskRecord record = lost.Record;
            metrics.AttemptEnded(record);
            Log.LeaseExpired(log, record.Id, record.Definition.Type.Name, record.Status.Attempt, lost.Lease.Worker, record.State.WireName());
        }

        while (TakeDue(store.Now.Elapsed) is { } held)
        {
            held.TellProgress(store.Now, isLast: false);
            if (held.TakeDue(store.Now.Elapsed) is { } change)
            {
                await MeetAsync(held, change).ConfigureAwait(false);
            }

            SetDeadline(held);
        }
    }

    /// <summary>Waits until no worker runs anything; attempts that stand still do not count.</summary>
    public async Task WhenNoneRunsAsync(CancellationToken cancellationToken)
    {
        Task next = _less.Next();
        while (_byTask.Values.Any(held => held.Status.State == TaskState.Processing))
        {
            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
            next = _less.Next();
        }
    }

    /// <summary>Tells every worker to stop what it has in hand.</summary>
    public void Terminate()
    {
        Interlocked.Exchange(ref _isTerminating, 1); // a full fence: a heartbeat that does not see it yet is seen to wait
        AskAll();
    }

    /// <summary>Wakes every worker, since something is asked of all of them.</summary>
    public void AskAll()
    {
        foreach (RemoteWorker worker in directory.All)
        {
            worker.Asked.RaiseLater();
        }
    }

    private void Adopt(HeldLease held, RemoteWorker worker)
    {
        lock (_gate)
        {
            if (!held.IsOver)
            {
                held.Worker = worker;
                worker.Leases[held.Key.TaskId] = held;
            }
        }
    }

    private async ValueTask MeetAsync(HeldLease held, LifecycleEvent change)
    {
        try
        {
            TaskMove move = await transitions.ApplyAsync(held.Record, change, CancellationToken.None).ConfigureAwait(false);
            if (move is { Outcome: MoveOutcome.Applied, Record.IsDone: true })
            {
                metrics.AttemptEnded(move.Record); // abandoned
            }
        }
        catch (Exception error) // one that cannot be met now holds up no other, and is not lost
        {
            held.PutOff(store.Now.Elapsed + AgainAfter);
            Log.SweepFailed(log, error);
        }
    }

    private HeldLease Begin(in TaskRecord record, TaskLease lease)
    {
        var held = new HeldLease(record, directory.FindHolder(lease.Holder), events);
        _byTask[record.Id] = held;
        held.Worker?.Leases[record.Id] = held;
        alarm.NoLaterThan(lease.Until);
        return held;
    }

    private void End(HeldLease held, ClockReading now)
    {
        held.TellProgress(now, isLast: true); // before the event of the end, which the store's feed tells next
        _byTask.TryRemove(KeyValuePair.Create(held.Key.TaskId, held));
        lock (_gate)
        {
            held.IsOver = true;
            _deadlines.Remove(held);
            held.Worker?.Leases.TryRemove(KeyValuePair.Create(held.Key.TaskId, held));
        }
    }

    private void NoteIfExpired(in TaskRecord record, TaskLease lease)
    {
        LifecycleStatus status = record.Status;
        AttemptOutcome outcome = status.State.IsFinal() ? status.LastOutcome : status.EarlierAttempts is [.., var last] ? last.Outcome : AttemptOutcome.None;
        if (outcome == AttemptOutcome.LeaseExpired)
        {
            Interlocked.Increment(ref _expirations);
            _expired.Enqueue((record, lease));
            alarm.NoLaterThan(store.Now.Elapsed);
        }
    }

    private void SetDeadline(HeldLease held)
    {
        TimeSpan deadline;
        lock (_gate)
        {
            if (held.IsOver)
            {
                return;
            }

            deadline = held.Deadline; // read in here: one that a change replaces meanwhile must not come back

            if (deadline == TimeSpan.MaxValue)
            {
                _deadlines.Remove(held);
            }
            else
            {
                _deadlines.Set(held, deadline);
            }
        }

        alarm.NoLaterThan(deadline);
    }

    private HeldLease? TakeDue(TimeSpan now)
    {
        lock (_gate)
        {
            if (_deadlines.TakeDue(now) is { } due)
            {
                return due;
            }

            alarm.NoLaterThan(_deadlines.Next() ?? TimeSpan.MaxValue);
            return null;
        }
    }
}
