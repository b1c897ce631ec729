using TaskManager.Diagnostics;

namespace TaskManager.Execution;

/// <content>What is due at its time: a report of progress, the time-out, and the end of the patience with a handler that was told to stop, or with its services.</content>
internal sealed partial class LiveAttempt
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>Gets the steady time at which something must be done about the attempt; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan Deadline
    {
        get
        {
            TimeSpan deadline = new(Math.Min(Volatile.Read(ref _timeoutAt), Volatile.Read(ref _abandonAt)));
            TimeSpan reportDueAt = Volatile.Read(ref _progress)?.DueAt ?? TimeSpan.MaxValue;
            return reportDueAt < deadline ? reportDueAt : deadline;
        }
    }

    /// <summary>Does what is due: tells of progress, fires the time-out, or abandons a handler that has ignored its token for too long.</summary>
    public async ValueTask MeetDeadlineAsync(TimeSpan now)
    {
        Volatile.Read(ref _progress)?.Tell(_services.Store.Now, isLast: false);
        if (HasCome(ref _abandonAt, now))
        {
            await AbandonAsync(now).ConfigureAwait(false);
        }
        else if (HasCome(ref _timeoutAt, now) && Volatile.Read(ref _isStopped) == 0)
        {
            await FireTimeoutAsync(now).ConfigureAwait(false);
        }
    }

    /// <summary>Takes a deadline that has come; nobody takes it again.</summary>
    private static bool HasCome(ref long deadline, TimeSpan now)
    {
        long at = Volatile.Read(ref deadline);
        return now.Ticks >= at && Interlocked.CompareExchange(ref deadline, long.MaxValue, at) == at;
    }

    /// <summary>Puts a deadline back that was taken in vain, unless another was set meanwhile.</summary>
    private static void PutBack(ref long deadline, long at) => Interlocked.CompareExchange(ref deadline, at, long.MaxValue);

    private void AbandonAfter(TimeSpan time)
    {
        TimeSpan deadline = _services.Store.Now.Elapsed + time;
        Volatile.Write(ref _abandonAt, deadline.Ticks);
        _pool.Alarm.NoLaterThan(deadline);
    }

    private async ValueTask FireTimeoutAsync(TimeSpan now)
    {
        TaskMove move;
        try
        {
            move = await _services.Transitions.ApplyAsync(Record, LifecycleEvent.TimeoutElapsed(Attempt), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception) // a store that is away; the other attempts have deadlines too, and it is not waited for here
        {
            PutBack(ref _timeoutAt, (now + AgainAfter).Ticks);
            throw;
        }

        if (move.Outcome == MoveOutcome.Applied)
        {
            Obey(move.Record);
            Log.TaskTimeoutFired(_services.Log, TaskId, TaskType, Attempt, _definition.Timeout);
        }
    }

    private async ValueTask AbandonAsync(TimeSpan now)
    {
        if (Volatile.Read(ref _isDisposing) == 1)
        {
            GiveUpDisposal();
            return;
        }

        Volatile.Read(ref _progress)?.Tell(_services.Store.Now, isLast: true);
        TaskMove move;
        try
        {
            move = await _services.Transitions.ApplyAsync(Record, LifecycleEvent.Abandon(Attempt), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception) // as above
        {
            PutBack(ref _abandonAt, (now + AgainAfter).Ticks);
            throw;
        }

        if (move.Outcome != MoveOutcome.Applied)
        {
            return;
        }

        Learn(move.Record.Status);
        bool isAbandoned = TryMoveTo(Place.Abandoned); // or the handler has ended after all, and its slot comes free without this
        _services.Telemetry.Metrics.AttemptEnded(move.Record);
        if (isAbandoned)
        {
            Log.TaskAbandoned(_services.Log, TaskId, TaskType, Attempt, _services.Options.AbandonAfter);
        }
    }

    /// <summary>The task has ended, but its services do not: they may take the slot no longer than a handler may.</summary>
    private void GiveUpDisposal()
    {
        if (TryMoveTo(Place.Abandoned))
        {
            Log.ScopeAbandoned(_services.Log, TaskId, TaskType, Attempt, _services.Options.AbandonAfter);
        }
    }
}
