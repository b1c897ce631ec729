using System.Collections.Concurrent;

namespace TaskManager.Signals;

/// <summary>Those that wait for events: of one task, or of all. Raising costs a look when nobody does, and one work item however many do.</summary>
internal sealed class EventSubscribers
{
    private readonly ConcurrentDictionary<Guid, Subscription> _ofTasks = new();
    private readonly Pulse _ofAll = new();
    private int _count;
    private int _tasks;
    private int _all;

    /// <summary>Gets how many watches there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Subscribes to the events of one task.</summary>
    /// <exception cref="TooManyWaitersException">There are as many watches as may be.</exception>
    public Subscription Subscribe(Guid taskId, int maxSubscribers)
    {
        Enter(maxSubscribers);
        Interlocked.Increment(ref _tasks);
        while (true)
        {
            Subscription subscription = _ofTasks.GetOrAdd(taskId, static (id, owner) => new Subscription(owner, id), this);
            if (subscription.TryJoin())
            {
                return subscription;
            }

            _ofTasks.TryRemove(KeyValuePair.Create(taskId, subscription));
        }
    }

    /// <summary>Subscribes to the events of all tasks.</summary>
    /// <exception cref="TooManyWaitersException">There are as many watches as may be.</exception>
    public Subscription SubscribeToAll(int maxSubscribers)
    {
        Enter(maxSubscribers);
        Interlocked.Increment(ref _all);
        return new Subscription(this, _ofAll);
    }

    public void Raise(Guid taskId)
    {
        // The log's gate, left a moment ago, was a fence: a reader that is missed here finds the event.
        if (Volatile.Read(ref _all) > 0)
        {
            _ofAll.RaiseLater();
        }

        if (Volatile.Read(ref _tasks) > 0 && _ofTasks.TryGetValue(taskId, out Subscription? subscription))
        {
            subscription.Pulse.RaiseLater();
        }
    }

    // Counted first, then held against the bound: of those that come at once, no more get in than may.
    private void Enter(int maxSubscribers)
    {
        if (Interlocked.Increment(ref _count) > maxSubscribers)
        {
            Interlocked.Decrement(ref _count);
            throw new TooManyWaitersException(maxSubscribers);
        }
    }

    /// <summary>The wish to be woken; for one task it is shared by all its readers, and gone with the last.</summary>
    internal sealed class Subscription : IDisposable
    {
        private readonly EventSubscribers _owner;
        private readonly Guid? _taskId;
        private readonly Lock _gate = new();
        private int _readers;
        private bool _isClosed;

        public Subscription(EventSubscribers owner, Guid taskId)
            : this(owner, new Pulse()) => _taskId = taskId;

        public Subscription(EventSubscribers owner, Pulse pulse)
        {
            _owner = owner;
            Pulse = pulse;
        }

        public Pulse Pulse { get; }

        public bool TryJoin()
        {
            lock (_gate)
            {
                _readers += _isClosed ? 0 : 1;
                return !_isClosed;
            }
        }

        public void Dispose()
        {
            Interlocked.Decrement(ref _owner._count);
            if (_taskId is not { } taskId)
            {
                Interlocked.Decrement(ref _owner._all);
                return;
            }

            lock (_gate)
            {
                _isClosed = --_readers == 0;
                if (_isClosed)
                {
                    _owner._ofTasks.TryRemove(KeyValuePair.Create(taskId, this));
                }
            }

            Interlocked.Decrement(ref _owner._tasks);
        }
    }
}
