namespace TaskManager.Signals;

/// <summary>
/// The next change of one task's state, or its end, shared by all that wait for it. Raised at most once; whoever wants the change after it subscribes again. It is its own source, and its own
/// lock, seen by nobody else: tens of thousands may be kept.
/// </summary>
internal sealed class TaskSignal() : TaskCompletionSource<TaskRecord>(
    TaskCreationOptions.RunContinuationsAsynchronously) // a change is raised on whatever thread made it, inside the store's gate; a waiter's continuation must never run there
{
    private int _waiters;
    private bool _isClosed;

    /// <summary>Gets the task that completes with the record after the change.</summary>
    public Task<TaskRecord> Raised => Task;

    /// <summary>Gets a value indicating whether it was raised, or left by all: whoever has joined and not left knows that it was raised.</summary>
    public bool IsClosed
    {
        get
        {
            lock (this)
            {
                return _isClosed;
            }
        }
    }

    /// <summary>Counts one more waiter.</summary>
    /// <returns><see langword="false"/> when the signal was raised or left by all; take a new one.</returns>
    public bool TryJoin()
    {
        lock (this)
        {
            _waiters += _isClosed ? 0 : 1;
            return !_isClosed;
        }
    }

    /// <summary>Counts one waiter less.</summary>
    /// <returns><see langword="true"/> when it was the last of a signal that was never raised.</returns>
    public bool Leave()
    {
        lock (this)
        {
            bool isLast = --_waiters == 0 && !_isClosed;
            _isClosed |= isLast;
            return isLast;
        }
    }

    /// <summary>Wakes all that wait, from the thread pool: completing thousands of waits takes longer than the gate may be held.</summary>
    public void Raise(in TaskRecord record)
    {
        lock (this)
        {
            _isClosed = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static raised => raised.Signal.TrySetResult(raised.Record), (Signal: this, Record: record), preferLocal: false);
    }
}
