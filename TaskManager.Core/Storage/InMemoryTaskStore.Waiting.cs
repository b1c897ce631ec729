namespace TaskManager.Storage;

/// <content>The tasks that wait for their time, or for the end of those they depend on.</content>
internal sealed partial class InMemoryTaskStore
{
    private const int DueInOneTurn = 256;
    private const int ToldInOneTurn = 64;

    public ValueTask<TimeSpan?> QueueDueAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ClockReading now = Now;
            for (int turn = 0; turn < DueInOneTurn; turn++)
            {
                if (_due.TakeDue(now) is not { } entry)
                {
                    return new ValueTask<TimeSpan?>(_due.UntilNext(now));
                }

                QueueLocked(entry, now);
            }
        }

        return new ValueTask<TimeSpan?>(TimeSpan.Zero);
    }

    private void QueueLocked(TaskEntry entry, ClockReading now)
    {
        LifecycleMove move = TaskLifecycle.Apply(entry.Record, LifecycleEvent.Due(), now);
        if (move.Next is not null)
        {
            SetLocked(entry, move.Next, now);
        }
        else
        {
            _due.Left(); // due by one clock, but not by the other
            _due.Add(entry, entry.Definition, now);
        }
    }

    /// <summary>Tells those that wait for an ended task, a few at a time, so that no cascade holds the gate for long.</summary>
    private void TellDependants()
    {
        bool more = true;
        while (more)
        {
            lock (_gate)
            {
                ClockReading now = Now;
                for (int told = 0; told < ToldInOneTurn && (more = _dependencies.TryTake(out TaskEntry dependant, out LifecycleEvent change)); told++)
                {
                    if (TaskLifecycle.Apply(dependant.Record, change, now).Next is { } next)
                    {
                        SetLocked(dependant, next, now);
                    }
                }
            }
        }
    }
}
