using System.Collections.Concurrent;
using System.Threading.Channels;
using TaskManager.Diagnostics;
using TaskManager.Signals;

namespace TaskManager.Execution;

/// <summary>
/// The in-process pool. A consumer owns a slot, not a handler: it claims a task, starts the attempt, and waits until the slot is free again, because the attempt ended, stands at a
/// checkpoint, or was abandoned. The bounded channel only wakes; the order is the store's.
/// </summary>
internal sealed class WorkerPool : ITaskPool
{
    public const int MaxSlots = 1_000;

    private const int MostSpins = 10_000;

    private readonly Lock _gate = new();
    private readonly AttemptServices _services;
    private readonly TaskTypeSet _types;
    private readonly Channel<bool> _hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(MaxSlots) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<Guid, LiveAttempt> _parked = new(); // attempts without a slot: suspended, or woken to be cancelled
    private Slot[] _slots = []; // replaced under _gate, read without it
    private int _wanted;
    private int _isClaiming;
    private int _isClosed;
    private int _isShutDown;
    private int _idle;
    private int _busy;
    private int _suspended;
    private int _abandoned;
    private readonly Pulse _lessIsRunning = new();

    public WorkerPool(AttemptServices services, TaskTypeSet types, Alarm alarm)
    {
        _services = services;
        _types = types;
        Alarm = alarm;
        _wanted = services.Options.MaxConcurrency;
    }

    /// <summary>Gets the timer for every deadline of the process.</summary>
    public Alarm Alarm { get; }

    public PoolStatus Status => new(MayClaim, Volatile.Read(ref _wanted), Volatile.Read(ref _busy), Volatile.Read(ref _suspended), Volatile.Read(ref _abandoned));

    /// <summary>Gets a value indicating whether so many abandoned handlers are still running that nothing is claimed.</summary>
    public bool IsAtMaxAbandoned => Volatile.Read(ref _abandoned) >= _services.Options.MaxAbandoned;

    /// <summary>Gets a value indicating whether a slot's consumer is asking for a task.</summary>
    public bool IsClaiming => Array.Exists(Volatile.Read(ref _slots), slot => slot.IsClaiming);

    private bool MayClaim => Volatile.Read(ref _isClaiming) == 1 && Volatile.Read(ref _isClosed) == 0 && !IsAtMaxAbandoned;

    public void Start()
    {
        if (Volatile.Read(ref _isClosed) == 1)
        {
            return;
        }

        Volatile.Write(ref _isClaiming, 1);
        FillSlots();
        WakeAll();
    }

    public void Stop()
    {
        Interlocked.Exchange(ref _isClaiming, 0);
        LetClaimsEnd(beyond: 0);
    }

    public void Scale(int slots)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slots);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slots, MaxSlots);
        Interlocked.Exchange(ref _wanted, slots);
        if (Volatile.Read(ref _isClaiming) == 1)
        {
            FillSlots(); // also at the bound of abandoned handlers: when one of them ends, the slots must be there
        }

        WakeAll();
        LetClaimsEnd(beyond: slots);
    }

    /// <summary>Wakes a consumer if one is idle. Called inside the store's gate: a consumer that goes idle claims once more after it has said so, so none sleeps over a task.</summary>
    public void Hint()
    {
        if (Volatile.Read(ref _idle) > 0)
        {
            _hints.Writer.TryWrite(true);
        }
    }

    /// <summary>Carries what was asked of a task to its attempt, if that lives here.</summary>
    public void Direct(in TaskRecord record) => Find(record.Id)?.Obey(record);

    /// <summary>Looks after every attempt whose deadline has come, and asks to be rung for the next.</summary>
    public async ValueTask MeetDeadlinesAsync(TimeSpan now)
    {
        TimeSpan next = TimeSpan.MaxValue;
        foreach (LiveAttempt attempt in Attempts())
        {
            await attempt.MeetDeadlineAsync(now).ConfigureAwait(false);
            next = attempt.Deadline < next ? attempt.Deadline : next;
        }

        Alarm.NoLaterThan(next);
    }

    /// <summary>Claims nothing any more, for good.</summary>
    public void Close()
    {
        Volatile.Write(ref _isClosed, 1);
        Stop();
        WakeAll();
    }

    /// <summary>Waits until no slot is busy; attempts that stand at a checkpoint do not count.</summary>
    public Task WhenNoSlotIsBusyAsync(CancellationToken cancellationToken) => WhenAsync(IsNoSlotBusy, cancellationToken);

    /// <summary>Waits until nothing lives here.</summary>
    public Task WhenNothingLivesAsync(CancellationToken cancellationToken) =>
        WhenAsync(() => IsNoSlotBusy() && _parked.IsEmpty, cancellationToken);

    /// <summary>Fires the token of everything that lives here, and of what a claim under way may still bring.</summary>
    public void ShutDownAttempts()
    {
        Interlocked.Exchange(ref _isShutDown, 1);
        foreach (LiveAttempt attempt in Attempts())
        {
            attempt.ShutDown();
        }
    }

    public bool TryPark(LiveAttempt attempt)
    {
        if (Interlocked.Increment(ref _suspended) > _services.Options.MaxSuspended)
        {
            Interlocked.Decrement(ref _suspended);
            return false;
        }

        _parked[attempt.TaskId] = attempt;
        return true;
    }

    public void Unpark(LiveAttempt attempt)
    {
        if (_parked.TryRemove(KeyValuePair.Create(attempt.TaskId, attempt)))
        {
            Interlocked.Decrement(ref _suspended);
        }
    }

    /// <summary>Frees the slot of an attempt that goes on without it.</summary>
    public void GiveAway(LiveAttempt attempt, SlotHold hold)
    {
        hold.Slot.Clear(attempt);
        Interlocked.Decrement(ref _busy);
        if (hold.GiveAway())
        {
            Consume(hold.Slot); // the old consumer is still inside the handler
        }

        _lessIsRunning.Raise();
    }

    /// <summary>Gives up on an attempt whose handler will not stop.</summary>
    public void Abandon(LiveAttempt attempt, SlotHold hold)
    {
        Interlocked.Increment(ref _abandoned);
        if (_parked.ContainsKey(attempt.TaskId))
        {
            Unpark(attempt);
        }
        else
        {
            GiveAway(attempt, hold);
        }
    }

    /// <summary>Forgets an attempt whose handler has ended.</summary>
    public void Ended(LiveAttempt attempt, SlotHold hold, bool wasAbandoned)
    {
        if (wasAbandoned)
        {
            Interlocked.Decrement(ref _abandoned);
            WakeAll(); // claims may have stood still at the bound
        }
        else if (hold.Slot.Attempt == attempt)
        {
            hold.Slot.Clear(attempt);
            Interlocked.Decrement(ref _busy);
        }
        else
        {
            Unpark(attempt);
        }

        _lessIsRunning.Raise();
    }

    /// <summary>Logs it when work beside an attempt fails, such as a cancellation callback of the handler.</summary>
    public void Watch(Task sideWork, LiveAttempt attempt)
    {
        if (!sideWork.IsCompletedSuccessfully)
        {
            _ = ObserveAsync(sideWork, attempt);
        }
    }

    private async Task ObserveAsync(Task sideWork, LiveAttempt attempt)
    {
        try
        {
            await sideWork.ConfigureAwait(false);
        }
        catch (Exception error) // a callback of the handler may throw anything; it decides nothing
        {
            Log.SideWorkFailed(_services.Log, error, attempt.TaskId, attempt.TaskType, attempt.Attempt);
        }
    }

    private LiveAttempt? Find(Guid id)
    {
        foreach (Slot slot in Volatile.Read(ref _slots))
        {
            if (slot.Attempt is { } attempt && attempt.TaskId == id)
            {
                return attempt;
            }
        }

        return _parked.GetValueOrDefault(id);
    }

    private IEnumerable<LiveAttempt> Attempts() =>
        Volatile.Read(ref _slots).Select(slot => slot.Attempt).OfType<LiveAttempt>().Concat(_parked.Values);

    private void FillSlots()
    {
        lock (_gate)
        {
            Slot[] present = _slots;
            Slot[] added = [.. Enumerable.Range(1, _wanted).Where(number => !Array.Exists(present, slot => slot.Number == number)).Select(number => new Slot(number, _types))];
            _slots = [.. present, .. added];
            foreach (Slot slot in added)
            {
                Consume(slot);
            }
        }
    }

    private void Consume(Slot slot) => DetachedWork.Start(() => ConsumeAsync(slot));

    private async Task ConsumeAsync(Slot slot)
    {
        var claimed = new TaskRecord[1];
        while (!IsRetired(slot))
        {
            if (!await TryClaimAsync(slot, claimed).ConfigureAwait(false))
            {
                Interlocked.Increment(ref _idle);
                bool isEmpty = !await TryClaimAsync(slot, claimed).ConfigureAwait(false);
                if (isEmpty && !IsRetired(slot))
                {
                    await _hints.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false);
                    _hints.Reader.TryRead(out _);
                }

                Interlocked.Decrement(ref _idle);
                if (isEmpty)
                {
                    continue;
                }
            }

            TaskRecord record = claimed[0];
            claimed[0] = default;
            if (!await RunAsync(slot, record).ConfigureAwait(false))
            {
                return; // another consumer has the slot
            }
        }
    }

    private ValueTask<bool> TryClaimAsync(Slot slot, TaskRecord[] claimed)
    {
        slot.BeginClaim();
        ValueTask<ClaimResult> claiming = MayClaim && slot.Number <= Volatile.Read(ref _wanted) ? _services.Store.ClaimAsync(slot.Claim, claimed, CancellationToken.None) : default;
        return claiming.IsCompletedSuccessfully ? new ValueTask<bool>(EndClaim(slot, claiming.Result)) : WhenClaimedAsync(slot, claiming);
    }

    private async ValueTask<bool> WhenClaimedAsync(Slot slot, ValueTask<ClaimResult> claiming)
    {
        ClaimResult claim = default;
        try
        {
            claim = await claiming.ConfigureAwait(false);
        }
        finally
        {
            EndClaim(slot, claim);
        }

        return claim.Count > 0;
    }

    private bool EndClaim(Slot slot, ClaimResult claim)
    {
        if (claim.RetryAfter is { } wait)
        {
            Alarm.NoLaterThan(_services.Store.Now.Elapsed + wait);
        }

        if (claim.Count > 0)
        {
            Interlocked.Increment(ref _busy); // before the claim is over, so that who counts sees one of the two
        }

        slot.EndClaim();
        if (Volatile.Read(ref _isClosed) == 1)
        {
            _lessIsRunning.Raise(); // the drain waits for claims too
        }

        return claim.Count > 0;
    }

    /// <summary>
    /// Waits for the claims of slots that may claim no more, but had asked before: when it returns, none follows. In memory that takes microseconds; a store that is far away is not
    /// waited for.
    /// </summary>
    private void LetClaimsEnd(int beyond)
    {
        var spin = new SpinWait();
        foreach (Slot slot in Volatile.Read(ref _slots))
        {
            while (slot.Number > beyond && slot.IsClaiming && spin.Count < MostSpins)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    private bool IsNoSlotBusy() => Volatile.Read(ref _busy) == 0 && !IsClaiming;

    /// <summary>Runs a claimed task until the slot is free.</summary>
    /// <returns><see langword="false"/> when the slot was given away while the consumer was inside the handler.</returns>
    private async ValueTask<bool> RunAsync(Slot slot, TaskRecord record)
    {
        var hold = new SlotHold(slot);
        if (_parked.TryGetValue(record.Id, out LiveAttempt? suspended) && suspended.Attempt == record.Status.Attempt)
        {
            slot.Show(suspended);
            Unpark(suspended);
            Alarm.NoLaterThan(suspended.GoOn(record, hold));
            await DirectAsync(suspended).ConfigureAwait(false);
        }
        else
        {
            _services.Telemetry.Metrics.AttemptStarted(record);
            var attempt = new LiveAttempt(this, _services, record, hold);
            slot.Show(attempt);
            Alarm.NoLaterThan(attempt.Deadline);
            await DirectAsync(attempt).ConfigureAwait(false);
            _ = attempt.RunAsync();
        }

        return await hold.WaitAsync().ConfigureAwait(false);
    }

    /// <summary>Carries what was asked between the claim and the moment from which the attempt can be found.</summary>
    private ValueTask DirectAsync(LiveAttempt attempt)
    {
        ValueTask<TaskRecord?> finding = _services.Store.FindAsync(attempt.TaskId, CancellationToken.None);
        if (!finding.IsCompletedSuccessfully)
        {
            return WhenFoundAsync(finding, attempt);
        }

        Direct(attempt, finding.Result);
        return default;
    }

    private async ValueTask WhenFoundAsync(ValueTask<TaskRecord?> finding, LiveAttempt attempt) => Direct(attempt, await finding.ConfigureAwait(false));

    private void Direct(LiveAttempt attempt, TaskRecord? latest)
    {
        if (latest is { } record)
        {
            attempt.Obey(record);
        }

        if (Volatile.Read(ref _isShutDown) == 1)
        {
            attempt.ShutDown();
        }
    }

    private bool IsRetired(Slot slot)
    {
        if (Volatile.Read(ref _isClosed) == 0 && slot.Number <= Volatile.Read(ref _wanted))
        {
            return false;
        }

        lock (_gate)
        {
            if (Volatile.Read(ref _isClosed) == 0 && slot.Number <= _wanted)
            {
                return false;
            }

            _slots = [.. _slots.Where(other => other != slot)];
            return true;
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
