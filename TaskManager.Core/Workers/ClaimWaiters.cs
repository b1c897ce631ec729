namespace TaskManager.Workers;

/// <summary>The claims that wait for a task, by type and in the order in which they began to wait: each task wakes one.</summary>
internal sealed class ClaimWaiters
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedList<Place>> _byType = new(StringComparer.Ordinal); // guarded by _gate
    private int _count;

    /// <summary>Begins to wait. Join, then look: a task that is queued in between still wakes.</summary>
    public Place Join(TaskTypeSet types)
    {
        var place = new Place(this, types);
        lock (_gate)
        {
            Interlocked.Increment(ref _count);
            place.Nodes = [.. types.Names.Select(type => ListOf(type).AddLast(place))];
        }

        return place;
    }

    /// <summary>Wakes the claim that has waited longest for a type. May be called inside the store's gate.</summary>
    public void Hint(string type)
    {
        if (Volatile.Read(ref _count) == 0)
        {
            return;
        }

        lock (_gate)
        {
            if (_byType.TryGetValue(type, out LinkedList<Place>? waiting) && waiting.First is { } first)
            {
                WakeLocked(first.Value);
            }
        }
    }

    /// <summary>Wakes everybody, since a hint may have been missed.</summary>
    public void WakeAll()
    {
        lock (_gate)
        {
            foreach (LinkedList<Place> waiting in _byType.Values)
            {
                while (waiting.First is { } first)
                {
                    WakeLocked(first.Value);
                }
            }
        }
    }

    private LinkedList<Place> ListOf(string type)
    {
        if (!_byType.TryGetValue(type, out LinkedList<Place>? waiting))
        {
            _byType.Add(type, waiting = new());
        }

        return waiting;
    }

    private void WakeLocked(Place place)
    {
        LeaveLocked(place);
        place.Wake();
    }

    private void LeaveLocked(Place place)
    {
        if (place.Nodes.Length > 0)
        {
            Interlocked.Decrement(ref _count);
        }

        foreach (LinkedListNode<Place> node in place.Nodes)
        {
            node.List!.Remove(node);
        }

        place.Nodes = [];
    }

    /// <summary>One claim's place in the queues of its types.</summary>
    internal sealed class Place(ClaimWaiters owner, TaskTypeSet types) : IDisposable
    {
        private readonly TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously); // woken inside the store's gate

        public LinkedListNode<Place>[] Nodes { get; set; } = [];

        public Task Woken => _woken.Task;

        public void Wake() => _woken.TrySetResult();

        /// <summary>Ends the wait. A claim that was woken and does not look any more passes it on, or a task would wait for nobody.</summary>
        public void Dispose()
        {
            lock (owner._gate)
            {
                owner.LeaveLocked(this);
            }
        }

        public void PassOn()
        {
            if (_woken.Task.IsCompleted)
            {
                foreach (string type in types.Names)
                {
                    owner.Hint(type);
                }
            }
        }
    }
}
