using System.Collections.Concurrent;

namespace TaskManager.Signals;

/// <summary>The tasks that somebody waits for. A task that nobody waits for costs nothing here.</summary>
internal sealed class TaskSignals(int maxWaiters)
{
    private readonly ConcurrentDictionary<Guid, TaskSignal> _changes = new(); // of state
    private readonly ConcurrentDictionary<Guid, TaskSignal> _ends = new();

    /// <summary>Gets the count of the waits that are under way.</summary>
    public WaiterCount Waiters { get; } = new(maxWaiters);

    /// <summary>Subscribes to the next change of a task's state, or to its end. Subscribe first, then look at the task: a change in between still wakes.</summary>
    /// <exception cref="TooManyWaitersException">The bound is reached.</exception>
    public Subscription Subscribe(Guid id, bool untilDone)
    {
        Waiters.Enter();
        return Join(untilDone ? _ends : _changes, id);
    }

    private Subscription Join(ConcurrentDictionary<Guid, TaskSignal> signals, Guid id)
    {
        while (true)
        {
            TaskSignal signal = signals.GetOrAdd(id, static _ => new TaskSignal());
            if (signal.TryJoin())
            {
                return new Subscription(this, signals, id, signal);
            }

            signals.TryRemove(KeyValuePair.Create(id, signal));
        }
    }

    /// <summary>Wakes all that wait for a task whose state has changed. The swap of its status was a full fence, so a subscriber that is missed here sees the change.</summary>
    public void Raise(in TaskRecord record)
    {
        if (Waiters.Count == 0)
        {
            return;
        }

        Raise(_changes, record);
        if (record.IsDone)
        {
            Raise(_ends, record);
        }
    }

    private static void Raise(ConcurrentDictionary<Guid, TaskSignal> signals, in TaskRecord record)
    {
        if (signals.TryRemove(record.Id, out TaskSignal? signal))
        {
            signal.Raise(record);
        }
    }

    /// <summary>One wait; disposing it leaves nothing behind.</summary>
    public readonly struct Subscription(TaskSignals owner, ConcurrentDictionary<Guid, TaskSignal> signals, Guid id, TaskSignal signal) : IDisposable
    {
        public Guid Id => id;

        public Task<TaskRecord> Raised => signal.Raised;

        /// <summary>Gets a value indicating whether the change has come, though <see cref="Raised"/> may yet be on its way.</summary>
        public bool IsRaised => signal.IsClosed;

        /// <summary>Subscribes to the next change after one that has been raised, and keeps its place among the waits. This one must not be used any more.</summary>
        public Subscription Renew()
        {
            LeaveSignal();
            return owner.Join(signals, id);
        }

        public void Dispose()
        {
            LeaveSignal();
            owner.Waiters.Leave();
        }

        private void LeaveSignal()
        {
            if (signal.Leave())
            {
                signals.TryRemove(KeyValuePair.Create(id, signal));
            }
        }
    }
}
