namespace TaskManager.Queueing;

/// <summary>
/// The tasks that are not due yet: those with a delay or a back-off by the steady clock, those with a moment to run at by the wall clock, in a heap of its own. A task that
/// leaves otherwise only loses its status; its place is dropped when it comes up, or when most places are empty.
/// </summary>
internal sealed class DueTimes<TItem>
    where TItem : class
{
    private const int FewPlaces = 32;

    private readonly PriorityQueue<Place, TimeSpan> _steady = new();
    private readonly PriorityQueue<Place, DateTimeOffset> _wall = new();
    private readonly Func<TItem, LifecycleStatus> _statusOf;
    private int _emptyPlaces;

    public DueTimes(Func<TItem, LifecycleStatus> statusOf) => _statusOf = statusOf;

    public int Count => _steady.Count + _wall.Count - _emptyPlaces;

    public void Add(TItem item, TaskDefinition definition, ClockReading now)
    {
        var place = new Place(item, _statusOf(item));
        if (place.Status.DueAt > now.Elapsed)
        {
            _steady.Enqueue(place, place.Status.DueAt);
        }
        else
        {
            _wall.Enqueue(place, definition.Options.RunAt ?? now.Utc);
        }
    }

    /// <summary>Notes that a task has left, taken or not; its status must be another by then.</summary>
    public void Left()
    {
        _emptyPlaces++;
        if (_emptyPlaces > FewPlaces && _emptyPlaces > Count)
        {
            DropEmptyPlaces(_steady);
            DropEmptyPlaces(_wall);
            _emptyPlaces = 0;
        }
    }

    /// <summary>Takes one task that is due. It counts until it is noted as <see cref="Left"/>.</summary>
    /// <returns><see langword="null"/> when none is.</returns>
    public TItem? TakeDue(ClockReading now) => TakeDue(_steady, now.Elapsed) ?? TakeDue(_wall, now.Utc);

    /// <summary>Finds how long it is until the next task may be due.</summary>
    /// <returns><see langword="null"/> when nothing waits.</returns>
    public TimeSpan? UntilNext(ClockReading now)
    {
        DropEmptyHeads(_steady);
        DropEmptyHeads(_wall);
        TimeSpan? steady = _steady.TryPeek(out _, out TimeSpan dueAt) ? dueAt - now.Elapsed : null;
        TimeSpan? wall = _wall.TryPeek(out _, out DateTimeOffset runAt) ? runAt - now.Utc : null;
        return steady is null || wall < steady ? wall : steady;
    }

    private TItem? TakeDue<TTime>(PriorityQueue<Place, TTime> heap, TTime now)
        where TTime : IComparable<TTime>
    {
        DropEmptyHeads(heap);
        if (!heap.TryPeek(out _, out TTime? due) || due.CompareTo(now) > 0)
        {
            return null;
        }

        _emptyPlaces--; // its place is gone before it has left
        return heap.Dequeue().Item;
    }

    private void DropEmptyHeads<TTime>(PriorityQueue<Place, TTime> heap)
    {
        while (heap.TryPeek(out Place place, out _) && IsEmpty(place))
        {
            heap.Dequeue();
            _emptyPlaces--;
        }
    }

    private void DropEmptyPlaces<TTime>(PriorityQueue<Place, TTime> heap)
    {
        (Place, TTime)[] kept = [.. heap.UnorderedItems.Where(entry => !IsEmpty(entry.Element))];
        heap.Clear();
        heap.EnqueueRange(kept);
    }

    private bool IsEmpty(Place place) => !ReferenceEquals(_statusOf(place.Item), place.Status);

    private readonly record struct Place(TItem Item, LifecycleStatus Status);
}
