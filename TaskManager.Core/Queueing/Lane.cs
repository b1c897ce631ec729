namespace TaskManager.Queueing;

/// <summary>
/// The ready tasks of one type, priority and fairness key, by sequence. New tasks arrive in order and are appended; those that come back with an old sequence go through a
/// heap. A task that leaves from the middle only loses its mark; its place is dropped when it comes up, or when most places are empty.
/// </summary>
internal sealed class Lane(string? key)
{
    private const int FewPlaces = 32;
    private const int ManyPlaces = 4096;

    private readonly PriorityQueue<QueueItem, long> _returned = new();
    private Queue<QueueItem> _appended = new();
    private long _lastAppended;
    private int _emptyPlaces;

    public string? Key { get; } = key;

    /// <summary>Gets or sets the key's place in the rotation; meaningful while something is ready.</summary>
    public FairnessTurn? Turn { get; set; }

    public int Ready { get; private set; }

    /// <summary>Gets or sets a value indicating whether the level's heap by turn holds this lane.</summary>
    public bool IsInTurns { get; set; }

    /// <summary>Gets or sets the sequence under which the level's heap by age holds this lane; <see cref="long.MaxValue"/> when it does not.</summary>
    public long AgeKey { get; set; } = long.MaxValue;

    /// <summary>Gets or sets which of the lane's entries in the heap by age is the valid one.</summary>
    public int AgeVersion { get; set; }

    public void Insert(QueueItem item)
    {
        item.IsReady = true;
        Ready++;
        if (item.Place == this)
        {
            _emptyPlaces--; // its old place is its right place still
            return;
        }

        item.Place = this;
        if (_appended.Count == 0 || item.Sequence > _lastAppended)
        {
            _appended.Enqueue(item);
            _lastAppended = item.Sequence;
        }
        else
        {
            _returned.Enqueue(item, item.Sequence);
        }
    }

    public void Remove(QueueItem item)
    {
        item.IsReady = false;
        Ready--;
        _emptyPlaces++;
        if (_emptyPlaces > FewPlaces && _emptyPlaces > Ready)
        {
            DropEmptyPlaces();
        }
    }

    /// <summary>Gets the ready task with the lowest sequence; there must be one.</summary>
    public QueueItem Head()
    {
        DropEmptyHeads();
        return IsReturnedFirst() ? _returned.Peek() : _appended.Peek();
    }

    public QueueItem Take()
    {
        DropEmptyHeads();
        QueueItem taken = IsReturnedFirst() ? _returned.Dequeue() : _appended.Dequeue();
        taken.IsReady = false;
        taken.Place = null;
        Ready--;
        if (_appended.Count == 0 && _appended.Capacity > ManyPlaces)
        {
            _appended = new(); // what a burst needed is given back
        }

        return taken;
    }

    private bool IsReturnedFirst() =>
        _returned.TryPeek(out _, out long returned) && (!_appended.TryPeek(out QueueItem? appended) || returned < appended.Sequence);

    private void DropEmptyHeads()
    {
        while (_appended.TryPeek(out QueueItem? head) && !head.IsReady)
        {
            _appended.Dequeue().Place = null;
            _emptyPlaces--;
        }

        while (_returned.TryPeek(out QueueItem? head, out _) && !head.IsReady)
        {
            _returned.Dequeue().Place = null;
            _emptyPlaces--;
        }
    }

    private void DropEmptyPlaces()
    {
        var kept = new Queue<QueueItem>(Ready);
        foreach (QueueItem item in _appended)
        {
            if (item.IsReady)
            {
                kept.Enqueue(item);
            }
            else
            {
                item.Place = null;
            }
        }

        (QueueItem Item, long Sequence)[] returned = [.. _returned.UnorderedItems];
        _returned.Clear();
        foreach ((QueueItem item, long sequence) in returned)
        {
            if (item.IsReady)
            {
                _returned.Enqueue(item, sequence);
            }
            else
            {
                item.Place = null;
            }
        }

        _appended = kept;
        _emptyPlaces = 0;
    }
}
