using TaskManager.Diagnostics;

namespace TaskManager.Execution;

/// <content>How the attempt stands still at a checkpoint, once for all of its flows, and goes on.</content>
internal sealed partial class LiveAttempt
{
    public override ValueTask CheckpointAsync()
    {
        ThrowIfStopped();
        return Volatile.Read(ref _standing) is { Task.IsCompleted: false } standing ? new ValueTask(StandAsWellAsync(standing))
            : Status is { PauseRequested: true } or { State: TaskState.Paused } ? new ValueTask(StandAsync()) // paused and running: a claim of before crossed the suspension
            : default;
    }

    /// <summary>Lets a suspended attempt go on in a slot that was claimed for it; also one that runs in another, since its store has suspended it and did not say so.</summary>
    /// <returns><see langword="false"/> when it has ended meanwhile.</returns>
    public bool TryGoOn(in TaskRecord record, SlotHold hold)
    {
        Learn(record.Status); // first: with the slot, it may come to a checkpoint at once
        if (!TryMoveTo(hold))
        {
            return false;
        }

        Volatile.Write(ref _timeoutAt, Record.TimeoutAtTicks());
        Volatile.Read(ref _standing)?.TrySetResult();
        return true;
    }

    /// <summary>Stands still until the task is resumed or shall stop; the first flow that comes suspends the attempt, the others stand with it.</summary>
    private async Task StandAsync()
    {
        TaskCompletionSource? before = Volatile.Read(ref _standing);
        var standing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously); // completed by whoever resumes or cancels
        if (before is { Task.IsCompleted: false } || Interlocked.CompareExchange(ref _standing, standing, before) != before)
        {
            standing = Volatile.Read(ref _standing)!;
        }
        else if (!await TrySuspendAsync().ConfigureAwait(false) || Volatile.Read(ref _isStopped) == 1)
        {
            standing.TrySetResult(); // it goes on, and so do those that came to stand with it; also when it was stopped before there was anything to wake
        }

        await StandAsWellAsync(standing).ConfigureAwait(false);
    }

    private async Task StandAsWellAsync(TaskCompletionSource standing)
    {
        await standing.Task.ConfigureAwait(false);
        ThrowIfStopped();
    }

    /// <summary>Suspends the attempt and gives its slot away.</summary>
    /// <returns><see langword="false"/> when it must go on: as many stand still as may, or it is no longer asked to pause. At the bound it stays asked.</returns>
    private async ValueTask<bool> TrySuspendAsync()
    {
        if (Volatile.Read(ref _place) is not SlotHold hold)
        {
            return false;
        }

        // Parked before it is seen to be suspended, so that whoever resumes or cancels it from then on finds it.
        var parking = new Parking(hold);
        if (!TryMoveTo(parking))
        {
            return false;
        }

        Volatile.Read(ref _progress)?.Tell(_services.Store.Now, isLast: true);
        long timeoutAt = Interlocked.Exchange(ref _timeoutAt, long.MaxValue); // the run clock stands still; whoever lets the attempt go on winds it anew
        if (await IsSuspendedAsync().ConfigureAwait(false))
        {
            TryMoveTo(Place.Parked, only: parking); // or it goes on already
            return true;
        }

        TryMoveTo(hold, only: parking);
        PutBack(ref _timeoutAt, timeoutAt);
        _pool.Alarm.NoLaterThan(new TimeSpan(timeoutAt));
        return false;
    }

    private async ValueTask<bool> IsSuspendedAsync()
    {
        try
        {
            TaskMove move = await ApplyAsync(LifecycleEvent.CheckpointReached(Attempt)).ConfigureAwait(false);
            Learn(move.Record.Status);
            return move.IsAccepted; // a repetition, too: a store may have done it, and thrown
        }
        catch (Exception error) // it stays away; the next checkpoint tries again
        {
            Log.StoreFailed(_services.Log, error);
            return false;
        }
    }
}
