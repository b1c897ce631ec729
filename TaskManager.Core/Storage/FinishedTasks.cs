namespace TaskManager.Storage;

/// <summary>The ended tasks in the order of their ends: what retention removes first. A task that was retried or removed leaves its place empty until it comes up.</summary>
internal sealed class FinishedTasks
{
    private const int ManyPlaces = 4096;

    private const long ManyBytes = 64L * 1024 * 1024;

    private readonly Queue<Place> _places = new();
    private long _emptyBytes; // of values that empty places may still hold

    /// <summary>Gets how many ended tasks are kept, without those that only wait for their dependants.</summary>
    public int Count { get; private set; }

    public void Add(TaskEntry entry, ClockReading now)
    {
        _places.Enqueue(new Place(entry, entry.Status, now.Elapsed));
        Count++;
        if (_places.Count > ManyPlaces && _places.Count > 2 * Count)
        {
            DropEmptyPlaces();
        }
    }

    /// <summary>Takes out a task that is ended no more, or kept no more; its status must be another by then, or <see cref="TaskEntry.IsRemoved"/> set.</summary>
    /// <param name="entry">The task.</param>
    /// <param name="bytes">The size of its values, which its place may hold for long: nobody counts them any more.</param>
    public void Leave(TaskEntry entry, long bytes = 0)
    {
        if (entry.Ties is { IsOverdue: true } ties)
        {
            ties.IsOverdue = false; // put off, it was not counted any more
        }
        else
        {
            Count--;
        }

        _emptyBytes += bytes;
        if (_emptyBytes > ManyBytes)
        {
            DropEmptyPlaces();
        }
    }

    /// <summary>Takes out a task that would go now, but for its dependants: it goes with the last of them.</summary>
    public void PutOff(TaskEntry entry)
    {
        Leave(entry);
        entry.Ties!.IsOverdue = true;
    }

    /// <summary>Finds the task that ended first, and how long ago.</summary>
    /// <returns><see langword="null"/> when there is none.</returns>
    public (TaskEntry Entry, TimeSpan Age)? Oldest(ClockReading now)
    {
        while (_places.TryPeek(out Place place))
        {
            if (place.IsTaken)
            {
                return (place.Entry, now.Elapsed - place.EndedAt);
            }

            _places.Dequeue();
        }

        return null;
    }

    private void DropEmptyPlaces()
    {
        Place[] kept = [.. _places.Where(place => place.IsTaken)];
        _places.Clear();
        _emptyBytes = 0;
        foreach (Place place in kept)
        {
            _places.Enqueue(place);
        }
    }

    private readonly record struct Place(TaskEntry Entry, LifecycleStatus Status, TimeSpan EndedAt)
    {
        public bool IsTaken => !Entry.IsRemoved && Entry.Ties is not { IsOverdue: true } && ReferenceEquals(Entry.Status, Status);
    }
}
