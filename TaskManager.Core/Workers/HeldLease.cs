using TaskManager.Execution;
using TaskManager.Signals;

namespace TaskManager.Workers;

/// <summary>What this process knows of one live lease: how its task stands, what its worker was told of it, and when something must be done about it.</summary>
internal sealed class HeldLease
{
    private readonly TaskDefinition _definition;
    private readonly ProgressReports _progress;
    private readonly EventBudget _lines = new();
    private LifecycleStatus _status;
    private long _deadline;
    private bool _isStopping;
    private RemoteWorker? _worker;

    public HeldLease(in TaskRecord record, RemoteWorker? worker, EventLog events)
    {
        _definition = record.Definition;
        _status = record.Status;
        _progress = new ProgressReports(_definition, events);
        _worker = worker;
        Key = new LeaseKey(record.Id, record.Status.Lease!.Token);
    }

    public LeaseKey Key { get; }

    /// <summary>Gets or sets who holds it; <see langword="null"/> when that worker was not registered any more.</summary>
    public RemoteWorker? Worker
    {
        get => Volatile.Read(ref _worker);
        set => Volatile.Write(ref _worker, value);
    }

    public TaskRecord Record => new(_definition, Status);

    public LifecycleStatus Status => Volatile.Read(ref _status);

    /// <summary>Gets or sets what the worker was told last, and whether its heartbeat named the lease: one that did not may not have known of it yet.</summary>
    public (LeaseDirective Directive, bool WasNamed) Told { get; set; } = (LeaseDirective.Continue, true); // which is what a claim says

    /// <summary>Gets or sets a value indicating whether the lease is over; guarded by the gate of <see cref="HeldLeases"/>.</summary>
    public bool IsOver { get; set; }

    /// <summary>Gets when something must be done: a report told, the time-out fired, or the attempt abandoned; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan Deadline
    {
        get
        {
            TimeSpan deadline = new(Volatile.Read(ref _deadline));
            TimeSpan reportDueAt = _progress.DueAt;
            return reportDueAt < deadline ? reportDueAt : deadline;
        }
    }

    /// <summary>Gets what the worker must know of the task now.</summary>
    public LeaseDirective Directive => Status switch
    {
        { CancelRequested: true } or { TimeoutFired: true } => LeaseDirective.Cancel,
        { State: TaskState.Processing, PauseRequested: false } => LeaseDirective.Continue,
        _ => LeaseDirective.Pause, // asked to stand still, standing still, or not yet allowed to go on
    };

    /// <summary>Takes notice of how the task stands. Called inside the store's gate, and so never by two at once.</summary>
    public void Learn(LifecycleStatus status, TimeSpan abandonAfter, TimeSpan now)
    {
        Volatile.Write(ref _status, status);
        if (status is { State: TaskState.Processing } and ({ CancelRequested: true } or { TimeoutFired: true }))
        {
            if (!_isStopping)
            {
                _isStopping = true;
                Volatile.Write(ref _deadline, (now + abandonAfter).Ticks);
            }
        }
        else
        {
            Volatile.Write(ref _deadline, status.State == TaskState.Processing ? Record.TimeoutAtTicks() : long.MaxValue);
        }
    }

    /// <summary>Takes what to do about the task when its deadline has come; the change that it makes brings the next one.</summary>
    /// <returns><see langword="null"/> when only a report was due.</returns>
    public LifecycleEvent? TakeDue(TimeSpan now)
    {
        long deadline = Volatile.Read(ref _deadline);
        if (now.Ticks < deadline || Interlocked.CompareExchange(ref _deadline, long.MaxValue, deadline) != deadline)
        {
            return null;
        }

        return _isStopping ? LifecycleEvent.Abandon(Status.Attempt) : LifecycleEvent.TimeoutElapsed(Status.Attempt);
    }

    /// <summary>Puts off what was taken and could not be done; unless a change has set another deadline since.</summary>
    public void PutOff(TimeSpan until) => Interlocked.CompareExchange(ref _deadline, until.Ticks, long.MaxValue);

    public void Report(TaskProgress progress, ClockReading now) => _progress.Report(progress, now);

    public void TellProgress(ClockReading now, bool isLast) => _progress.Tell(now, isLast);

    public bool MayTellLine(TimeSpan now) => _lines.TryTake(now);
}
