using System.Threading.Channels;
using TaskManager.Diagnostics;
using TaskManager.Signals;

namespace TaskManager.Execution;

/// <summary>
/// The in-process pool. A consumer owns a slot, not a handler: it claims a task, starts the attempt, and waits until the slot is free again, because the attempt ended, stands at a
/// checkpoint, or was abandoned. The bounded channel only wakes; the order is the store's.
/// </summary>
internal sealed partial class WorkerPool : ITaskPool
{
    public const int MaxSlots = 1_000;

    /// <summary>Whether tasks are claimed; nobody has said so before the engine begins.</summary>
    private enum Claiming
    {
        NotBegun,
        On,
        Off,
    }

    private readonly AttemptServices _services;
    private readonly SlotSet _slots;
    private readonly Channel<bool> _hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(MaxSlots) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Pulse _lessIsRunning = new();
    private volatile Claiming _claiming;
    private int _isShutDown;
    private int _idle;
    private int _busy; // slots with a claimed task or its attempt; this and what follows is changed by the moves of attempts alone, once there is one
    private int _abandoned;

    public WorkerPool(AttemptServices services, TaskTypeSet types, Alarm alarm)
    {
        _services = services;
        _slots = new SlotSet(types, services.Options.MaxConcurrency);
        Parked = new ParkedAttempts(services.Options);
        Alarm = alarm;
    }

    /// <summary>Gets the timer for every deadline of the process.</summary>
    public Alarm Alarm { get; }

    public ParkedAttempts Parked { get; }

    public PoolStatus Status => new(MayClaim, _slots.Wanted, Volatile.Read(ref _busy), Parked.Count, Volatile.Read(ref _abandoned));

    /// <summary>Gets a value indicating whether so many abandoned handlers are still running that nothing is claimed.</summary>
    public bool IsAtMaxAbandoned => Volatile.Read(ref _abandoned) >= _services.Options.MaxAbandoned;

    /// <summary>Gets a value indicating whether a slot's consumer is asking for a task.</summary>
    public bool IsClaiming => _slots.IsClaiming;

    private bool MayClaim => _claiming == Claiming.On && !_slots.IsClosed && !IsAtMaxAbandoned;

    /// <summary>Starts with the engine, unless the pool was stopped before that: an application may be one that only submits.</summary>
    public void Begin()
    {
        if (Interlocked.CompareExchange(ref _claiming, Claiming.On, Claiming.NotBegun) == Claiming.NotBegun)
        {
            LetSlotsClaim();
        }
    }

    public void Start()
    {
        Interlocked.Exchange(ref _claiming, Claiming.On);
        LetSlotsClaim();
    }

    public void Stop()
    {
        Interlocked.Exchange(ref _claiming, Claiming.Off);
        _slots.LetClaimsEnd(beyond: 0);
    }

    public void Scale(int slots)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slots);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slots, MaxSlots);
        _slots.Resize(slots);
        if (_claiming == Claiming.On)
        {
            FillSlots(); // also at the bound of abandoned handlers: when one of them ends, the slots must be there
        }

        WakeAll();
        _slots.LetClaimsEnd(beyond: slots);
    }

    /// <summary>Wakes a consumer if one is idle. Called inside the store's gate: a consumer that goes idle claims once more after it has said so, so none sleeps over a task.</summary>
    public void Hint()
    {
        if (Volatile.Read(ref _idle) > 0)
        {
            _hints.Writer.TryWrite(true);
        }
    }

    /// <summary>Wakes every idle consumer.</summary>
    public void WakeAll()
    {
        for (int i = Volatile.Read(ref _idle); i > 0; i--)
        {
            _hints.Writer.TryWrite(true);
        }
    }

    /// <summary>Carries what was asked of a task to its attempt, if that lives here.</summary>
    public void Direct(in TaskRecord record) => Find(record)?.Obey(record);

    /// <summary>Looks after every attempt whose deadline has come, and asks to be rung for the next.</summary>
    public async ValueTask MeetDeadlinesAsync(TimeSpan now)
    {
        TimeSpan next = TimeSpan.MaxValue;
        foreach (LiveAttempt attempt in Attempts())
        {
            try
            {
                await attempt.MeetDeadlineAsync(now).ConfigureAwait(false);
            }
            catch (Exception error) // the store is away for one; the others have deadlines too
            {
                Log.StoreFailed(_services.Log, error);
            }

            next = attempt.Deadline < next ? attempt.Deadline : next;
        }

        Alarm.NoLaterThan(next);
    }

    /// <summary>Claims nothing any more, for good.</summary>
    public void Close()
    {
        _slots.Close();
        Stop();
        WakeAll();
    }

    /// <summary>Waits until no slot is busy; attempts that stand at a checkpoint do not count.</summary>
    public Task WhenNoSlotIsBusyAsync(CancellationToken cancellationToken) => WhenAsync(IsNoSlotBusy, cancellationToken);

    /// <summary>Waits until nothing lives here.</summary>
    public Task WhenNothingLivesAsync(CancellationToken cancellationToken) =>
        WhenAsync(() => IsNoSlotBusy() && Parked.Count == 0, cancellationToken);

    /// <summary>Fires the token of everything that lives here, and of what a claim under way may still bring.</summary>
    public void ShutDownAttempts()
    {
        Interlocked.Exchange(ref _isShutDown, 1);
        foreach (LiveAttempt attempt in Attempts())
        {
            attempt.ShutDown();
        }
    }

    private void LetSlotsClaim()
    {
        if (!_slots.IsClosed)
        {
            FillSlots();
            WakeAll();
        }
    }

    private LiveAttempt? Find(in TaskRecord record) => _slots.Find(record.Id, record.Status.Attempt) ?? Parked.Find(record.Id, record.Status.Attempt);

    private IEnumerable<LiveAttempt> Attempts() => _slots.Attempts.Concat(Parked.Known).Distinct();

    private void FillSlots()
    {
        foreach (Slot slot in _slots.Fill())
        {
            Consume(slot);
        }
    }

    private bool IsNoSlotBusy() => !IsClaiming && Volatile.Read(ref _busy) == 0; // in this order: a slot is busy before its claim is over

    private async Task WhenAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        Task next = _lessIsRunning.Next();
        while (!condition())
        {
            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
            next = _lessIsRunning.Next();
        }
    }
}
