namespace TaskManager.Execution;

/// <content>The consumers: each claims for its slot, starts the attempt, and claims again once the slot is free.</content>
internal sealed partial class WorkerPool
{
    private void Consume(Slot slot) => DetachedWork.Start(() => ConsumeAsync(slot));

    private async Task ConsumeAsync(Slot slot)
    {
        var claimed = new TaskRecord[1];
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
            if (!await RunAsync(slot, record).ConfigureAwait(false))
            {
                return; // another consumer has the slot
            }
        }
    }

    private ValueTask<bool> TryClaimAsync(Slot slot, TaskRecord[] claimed)
    {
        slot.BeginClaim();
        ValueTask<ClaimResult> claiming = MayClaim && slot.Number <= _slots.Wanted ? _services.Store.ClaimAsync(slot.Claim, claimed, CancellationToken.None) : default;
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
        if (_slots.IsClosed)
        {
            _lessIsRunning.Raise(); // the drain waits for claims too
        }

        return claim.Count > 0;
    }

    /// <summary>Runs a claimed task until the slot is free.</summary>
    /// <returns><see langword="false"/> when the slot was given away while the consumer was inside the handler.</returns>
    private async ValueTask<bool> RunAsync(Slot slot, TaskRecord record)
    {
        var hold = new SlotHold(slot);
        if (Parked.Find(record.Id) is { } suspended && suspended.Attempt == record.Status.Attempt)
        {
            slot.Show(suspended);
            Parked.Remove(suspended);
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
}
