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
        long started = clock.GetTimestamp();
        while (!IsOver(record.Value))
        {
            using TaskSignals.Subscription subscription = signals.Subscribe(id); // subscribe, then look: a change in between still wakes
            record = await store.FindAsync(id, cancellationToken).ConfigureAwait(false);
            if (record is not { } latest || IsOver(latest))
            {
                return record;
            }

            TimeSpan left = timeout == Timeout.InfiniteTimeSpan ? LongestWait : timeout - clock.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return record;
            }

            Task<TaskRecord> raised = subscription.Raised;
            await ((Task)raised).WaitAsync(left < LongestWait ? left : LongestWait, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (raised.IsCompletedSuccessfully)
            {
                record = await raised.ConfigureAwait(false); // the change itself: the task may be removed by now
            }
        }

        return record;

        bool IsOver(in TaskRecord task) => task.IsDone || (!untilDone && task.State != seen);
    }
}
