using TaskManager.Diagnostics;

namespace TaskManager.Execution;

/// <content>The consumers: each claims for its slot, starts the attempt, and claims again once the slot is free.</content>
internal sealed partial class WorkerPool
{
    private void Consume(Slot slot) => DetachedWork.Start(() => ConsumeAsync(slot));

    private async Task ConsumeAsync(Slot slot)
    {
        var claimed = new TaskRecord[1];
        var hold = new SlotHold(slot);
        while (!_slots.IsRetired(slot))
        {
            if (!await TryClaimAsync(slot, claimed).ConfigureAwait(false))
            {
                Interlocked.Increment(ref _idle);
                bool isEmpty = !await TryClaimAsync(slot, claimed).ConfigureAwait(false);
                if (isEmpty && !_slots.IsRetired(slot))
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
            await StartAsync(record, hold).ConfigureAwait(false);
            if (!await hold.WaitAsync().ConfigureAwait(false))
            {
                return; // it was given away while this consumer was inside the handler: another one has the slot
            }

            hold = hold.Next();
        }
    }

    /// <summary>Asks for a task. A store that throws has none; the slot asks again with the next hint, which comes within a second.</summary>
    private ValueTask<bool> TryClaimAsync(Slot slot, TaskRecord[] claimed)
    {
        slot.BeginClaim();
        ValueTask<ClaimResult> claiming = MayClaim && slot.Number <= _slots.Wanted ? ClaimAsync(slot, claimed) : default;
        return claiming.IsCompletedSuccessfully ? new ValueTask<bool>(EndClaim(slot, claiming.Result)) : WhenClaimedAsync(slot, claiming);
    }

    private ValueTask<ClaimResult> ClaimAsync(Slot slot, TaskRecord[] claimed)
    {
        try
        {
            return _services.Store.ClaimAsync(slot.Claim, claimed, CancellationToken.None);
        }
        catch (Exception error) // a store may be anyone's
        {
            return ValueTask.FromException<ClaimResult>(error);
        }
    }

    private async ValueTask<bool> WhenClaimedAsync(Slot slot, ValueTask<ClaimResult> claiming)
    {
        ClaimResult claim = default;
        try
        {
            claim = await claiming.ConfigureAwait(false);
        }
        catch (Exception error) // the consumer must outlive it
        {
            Log.StoreFailed(_services.Log, error);
        }

        return EndClaim(slot, claim);
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
        if (_slots.IsClosed)
        {
            _lessIsRunning.Raise(); // the drain waits for claims too
        }

        return claim.Count > 0;
    }

    /// <summary>Lets the attempt that was claimed go on or begin.</summary>
    private async ValueTask StartAsync(TaskRecord record, SlotHold hold)
    {
        LiveAttempt? known = Parked.Find(record.Id, record.Status.Attempt);
        bool goesOn = known is not null && known.TryGoOn(record, hold);
        LiveAttempt attempt = goesOn ? known! : new LiveAttempt(this, _services, record, hold);
        if (!goesOn)
        {
            hold.Slot.Show(attempt);
        }

        Alarm.NoLaterThan(attempt.Deadline);
        TaskRecord? latest = await LookAsync(record).ConfigureAwait(false);
        Direct(attempt, latest);
        if (goesOn)
        {
            return;
        }

        if (latest?.Status is { HasLiveAttempt: true } status && status.Attempt == record.Status.Attempt)
        {
            _services.Telemetry.Metrics.AttemptStarted(record);
            _ = attempt.RunAsync();
        }
        else
        {
            attempt.TryMoveTo(Place.Over); // it has ended meanwhile: it was suspended, and cancelled between the claim and now
        }
    }

    /// <summary>Looks what was asked between the claim and the moment from which the attempt can be found.</summary>
    private async ValueTask<TaskRecord?> LookAsync(TaskRecord claimed)
    {
        try
        {
            return await _services.Retry.AskAsync((_services.Store, claimed.Id), static asked => asked.Store.FindAsync(asked.Id, CancellationToken.None)).ConfigureAwait(false);
        }
        catch (Exception error) // it stays away: the claim is the last that is known
        {
            Log.StoreFailed(_services.Log, error);
            return claimed;
        }
    }

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
}
