namespace TaskManager.Storage;

/// <content>The way out: on request, by age, or to make room.</content>
internal sealed partial class InMemoryTaskStore
{
    private const int ExpiredInOneTurn = 256;

    public ValueTask<RemoveOutcome> RemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_table.Find(id) is not { } entry)
            {
                return new ValueTask<RemoveOutcome>(RemoveOutcome.Missing);
            }

            if (entry.Ties is { UnfinishedDependants: > 0 })
            {
                return new ValueTask<RemoveOutcome>(RemoveOutcome.HasDependants);
            }

            entry.IsUnwanted = true;
            if (!entry.Status.State.IsFinal())
            {
                return new ValueTask<RemoveOutcome>(RemoveOutcome.Unfinished);
            }

            RemoveLocked(entry);
            return new ValueTask<RemoveOutcome>(RemoveOutcome.Removed);
        }
    }

    public bool WasRemoved(Guid id) => _removedIds.Contains(id);

    public ValueTask<int> RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        long removed = 0;
        bool more = true;
        while (more)
        {
            lock (_gate)
            {
                long before = _removed;
                more = RemoveOldestLocked(Now, ExpiredInOneTurn) == ExpiredInOneTurn;
                removed += _removed - before; // without those that only wait for their dependants from now on
            }
        }

        return new ValueTask<int>((int)removed);
    }

    /// <summary>Removes those that have been kept for long enough, or are too many.</summary>
    /// <returns>How many it dealt with.</returns>
    private int RemoveOldestLocked(ClockReading now, int atMost)
    {
        int count = 0;
        while (count < atMost && _finished.Oldest(now) is { } oldest && MustGo(oldest.Age))
        {
            count++;
            RemoveUnlessNeededLocked(oldest.Entry);
        }

        return count;
    }

    private bool MustGo(TimeSpan age) => age >= _options.Retention || _finished.Count > _options.MaxRetained || _occupancy.HoldsTooManyBytes;

    private void RemoveUnlessNeededLocked(TaskEntry entry)
    {
        if (entry.Ties is { UnfinishedDependants: > 0 })
        {
            _finished.PutOff(entry);
        }
        else
        {
            RemoveLocked(entry);
        }
    }

    private void RemoveLocked(TaskEntry entry)
    {
        TaskState state = entry.Status.State;
        entry.IsRemoved = true;
        if (entry.IsUnwanted)
        {
            _removedIds.Add(entry.Definition.Id);
        }

        entry.Queue.Counts[state]--;
        long bytes = Occupancy.SizeOf(entry.Definition.Parameters) + Occupancy.SizeOf(entry.Status.Payload) + (entry.Log?.Close() ?? 0);
        _occupancy.Grow(-bytes);
        _removed++;
        _finished.Leave(entry, entry.IsUnwanted ? bytes : 0); // what retention removes is the oldest, whose place goes with it
        _keys.Removed(entry);
        _table.Remove(entry);
        entry.Ties = null; // a task that is kept holds its parents, and they must not hold theirs in turn
    }
}
