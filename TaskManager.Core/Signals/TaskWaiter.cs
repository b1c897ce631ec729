namespace TaskManager.Signals;

/// <summary>Waits for changes of tasks. A wait that runs out of patience is ordinary: it throws nothing and leaves nothing behind.</summary>
internal sealed class TaskWaiter(ITaskStore store, TaskSignals signals, TimeProvider clock)
{
    // Timers refuse more than 49.7 days.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    public async ValueTask<TaskRecord?> WaitAsync(Guid id, TaskState? seen, bool untilDone, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskRecord? record = await store.FindAsync(id, cancellationToken).ConfigureAwait(false);
        if (record is not { } first || timeout == TimeSpan.Zero)
        {
            return record;
        }

        seen ??= first.State;
        if (IsOver(first))
        {
            return first;
        }

        using TaskSignals.Subscription subscription = signals.Subscribe(id, untilDone); // subscribe, then look: a change in between still wakes
        record = await store.FindAsync(id, cancellationToken).ConfigureAwait(false);
        if (record is not { } latest || IsOver(latest))
        {
            return record;
        }

        if (await IsRaisedAsync(subscription.Raised, timeout, cancellationToken).ConfigureAwait(false))
        {
            return await subscription.Raised.ConfigureAwait(false); // the change itself: the task may be removed by now
        }

        return await store.FindAsync(id, cancellationToken).ConfigureAwait(false) ?? latest;

        bool IsOver(in TaskRecord task) => task.IsDone || (!untilDone && task.State != seen);
    }

    private async ValueTask<bool> IsRaisedAsync(Task raised, TimeSpan timeout, CancellationToken cancellationToken)
    {
        long started = clock.GetTimestamp();
        TimeSpan left = timeout;
        while (!raised.IsCompleted && (timeout == Timeout.InfiniteTimeSpan || left > TimeSpan.Zero))
        {
            TimeSpan wait = timeout == Timeout.InfiniteTimeSpan || left > LongestWait ? LongestWait : InWholeMilliseconds(left);
            await raised.WaitAsync(wait, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            left = timeout - clock.GetElapsedTime(started);
        }

        return raised.IsCompleted;
    }

    // A wait drops what is less than a millisecond: for that alone it would not wait at all, again and again.
    private static TimeSpan InWholeMilliseconds(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));
}
