namespace TaskManager.Signals;

/// <summary>
/// Waits for changes of tasks. A wait that runs out of patience is ordinary: it throws nothing and leaves nothing behind. A host keeps tens of thousands of waits, so what looks at the
/// task is apart from what waits: only the latter's few locals are kept.
/// </summary>
internal sealed class TaskWaiter(ITaskStore store, TaskSignals signals, TimeProvider clock)
{
    // Timers refuse more than 49.7 days.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    public ValueTask<TaskRecord?> WaitAsync(Guid id, TaskState? seen, bool untilDone, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<TaskRecord?>(cancellationToken);
        }

        var wait = new Wait(id, seen, untilDone, timeout);
        ValueTask<TaskRecord?> finding = store.FindAsync(id, cancellationToken);
        return finding.IsCompletedSuccessfully ? Begin(finding.Result, wait, cancellationToken) : BeginAsync(finding, wait, cancellationToken);
    }

    private async ValueTask<TaskRecord?> BeginAsync(ValueTask<TaskRecord?> finding, Wait wait, CancellationToken cancellationToken) =>
        await Begin(await finding.ConfigureAwait(false), wait, cancellationToken).ConfigureAwait(false);

    private ValueTask<TaskRecord?> Begin(TaskRecord? first, Wait wait, CancellationToken cancellationToken)
    {
        if (!wait.HasTime || wait.IsOver(first))
        {
            return new ValueTask<TaskRecord?>(first);
        }

        wait = wait with { Seen = wait.Seen ?? first!.Value.State };
        TaskSignals.Subscription subscription;
        try
        {
            subscription = signals.Subscribe(wait.Id, wait.UntilDone); // subscribe, then look: a change in between still wakes
        }
        catch (TooManyWaitersException full)
        {
            return ValueTask.FromException<TaskRecord?>(full);
        }

        ValueTask<TaskRecord?> looking;
        try
        {
            looking = store.FindAsync(wait.Id, cancellationToken);
        }
        catch
        {
            subscription.Dispose();
            throw;
        }

        if (!looking.IsCompletedSuccessfully)
        {
            return LookAsync(looking, subscription, wait, cancellationToken);
        }

        TaskRecord? latest = looking.Result;
        if (!wait.IsOver(latest))
        {
            return AwaitAsync(subscription, wait.Seen!.Value, wait.Timeout, cancellationToken);
        }

        subscription.Dispose();
        return new ValueTask<TaskRecord?>(latest);
    }

    private async ValueTask<TaskRecord?> LookAsync(ValueTask<TaskRecord?> looking, TaskSignals.Subscription subscription, Wait wait, CancellationToken cancellationToken)
    {
        TaskRecord? latest = null;
        try
        {
            latest = await looking.ConfigureAwait(false);
        }
        finally
        {
            if (wait.IsOver(latest)) // or not found out
            {
                subscription.Dispose();
            }
        }

        return wait.IsOver(latest) ? latest : await AwaitAsync(subscription, wait.Seen!.Value, wait.Timeout, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<TaskRecord?> AwaitAsync(TaskSignals.Subscription subscription, TaskState seen, TimeSpan timeout, CancellationToken cancellationToken)
    {
        TimeSpan until = timeout == Timeout.InfiniteTimeSpan || timeout > TimeSpan.MaxValue - Elapsed ? TimeSpan.MaxValue : Elapsed + timeout;
        try
        {
            while (true)
            {
                while (!subscription.Raised.IsCompleted && Slice(until - Elapsed) is var slice && slice > TimeSpan.Zero)
                {
                    await ((Task)subscription.Raised).WaitAsync(slice, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    cancellationToken.ThrowIfCancellationRequested();
                }

                if (!subscription.IsRaised)
                {
                    // As a task, since its awaiter takes less of what is kept.
                    TaskRecord? latest = await store.FindAsync(subscription.Id, cancellationToken).AsTask().ConfigureAwait(false);
                    if (latest is not null || !subscription.IsRaised)
                    {
                        return latest;
                    }
                }

                TaskRecord changed = await subscription.Raised.ConfigureAwait(false); // the change itself: the task may be removed by now
                if (Differs(changed, seen))
                {
                    return changed;
                }

                // The change to what was seen, told only now: it was stored before this wait looked, and the wait had subscribed before it was told.
                subscription = subscription.Renew();
                TaskRecord? next = await store.FindAsync(subscription.Id, cancellationToken).AsTask().ConfigureAwait(false);
                if (next is not { } found || Differs(found, seen))
                {
                    return next;
                }
            }
        }
        finally
        {
            subscription.Dispose();
        }
    }

    private static bool Differs(in TaskRecord record, TaskState seen) => record.IsDone || record.State != seen;

    private TimeSpan Elapsed => clock.GetElapsedTime(startingTimestamp: 0);

    /// <summary>Gets how long to wait at a time. A wait drops what is less than a millisecond: for that alone it would not wait at all, again and again.</summary>
    public static TimeSpan Slice(TimeSpan left) => left > LongestWait ? LongestWait : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));

    private readonly record struct Wait(Guid Id, TaskState? Seen, bool UntilDone, TimeSpan Timeout)
    {
        public bool HasTime => Timeout > TimeSpan.Zero || Timeout == System.Threading.Timeout.InfiniteTimeSpan;

        public bool IsOver(TaskRecord? task) => task is not { } found || found.IsDone || (!UntilDone && Seen is { } seen && found.State != seen);
    }
}
