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
        var place = new Place(this);
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
                WakeLocked(first.Value, type);
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
                    WakeLocked(first.Value, type: null);
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

    private void WakeLocked(Place place, string? type)
    {
        LeaveLocked(place);
        place.Hint = type;
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
    internal sealed class Place(ClaimWaiters owner) : IDisposable
    {
        private readonly TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously); // woken inside the store's gate

        public LinkedListNode<Place>[] Nodes { get; set; } = [];

        /// <summary>Gets or sets the type of the task for which the claim was woken; guarded by the gate.</summary>
        public string? Hint { get; set; }

        public Task Woken => _woken.Task;

        public void Wake() => _woken.TrySetResult();

        /// <summary>Ends the wait.</summary>
        /// <returns>The type of a task that nobody else was woken for, and that must be looked for or passed on; <see langword="null"/> for none.</returns>
        public string? End()
        {
            lock (owner._gate)
            {
                owner.LeaveLocked(this);
                string? hint = Hint;
                Hint = null;
                return hint;
            }
        }

        /// <summary>Ends the wait of a claim that does not look any more: what it was woken for goes to the next, or a task would wait for nobody.</summary>
        public void Dispose()
        {
            if (End() is { } type)
            {
                owner.Hint(type);
            }
        }
    }
}
