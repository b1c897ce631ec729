namespace TaskManager.Queueing;

/// <summary>
/// Things with one moment each, which may be put off again and again at the cost of a look-up: a place in the heap that came too early is corrected when it comes up. Not thread-safe.
/// </summary>
internal sealed class Deadlines<TItem>
    where TItem : class
{
    private const int FewPlaces = 32;

    private readonly Dictionary<TItem, TimeSpan> _moments = [];
    private readonly PriorityQueue<TItem, TimeSpan> _places = new();

    public int Count => _moments.Count;

    /// <summary>Gives a thing its moment, or another one.</summary>
    public void Set(TItem item, TimeSpan moment)
    {
        bool isPutOff = _moments.TryGetValue(item, out TimeSpan before) && moment >= before;
        _moments[item] = moment;
        if (!isPutOff)
        {
            _places.Enqueue(item, moment);
            DropEmptyPlaces();
        }
    }

    public bool Contains(TItem item) => _moments.ContainsKey(item);

    public bool Remove(TItem item)
    {
        bool isRemoved = _moments.Remove(item);
        DropEmptyPlaces();
        return isRemoved;
    }

    /// <summary>Takes one thing whose moment has come.</summary>
    /// <returns><see langword="null"/> when there is none.</returns>
    public TItem? TakeDue(TimeSpan now)
    {
        CorrectHead();
        if (!_places.TryPeek(out TItem? item, out TimeSpan moment) || moment > now)
        {
            return null;
        }

        _places.Dequeue();
        _moments.Remove(item);
        return item;
    }

    /// <summary>Finds the earliest moment.</summary>
    /// <returns><see langword="null"/> when there is nothing.</returns>
    public TimeSpan? Next()
    {
        CorrectHead();
        return _places.TryPeek(out _, out TimeSpan moment) ? moment : null;
    }

    private void CorrectHead()
    {
        while (_places.TryPeek(out TItem? item, out TimeSpan place))
        {
            if (!_moments.TryGetValue(item, out TimeSpan moment))
            {
                _places.Dequeue();
            }
            else if (moment != place)
            {
                _places.DequeueEnqueue(item, moment);
            }
            else
            {
                return;
            }
        }
    }

    private void DropEmptyPlaces()
    {
        if (_places.Count > FewPlaces && _places.Count > 2 * _moments.Count)
        {
            _places.Clear();
            _places.EnqueueRange(_moments.Select(pair => (pair.Key, pair.Value)));
        }
    }
}
