namespace TaskManager.Signals;

/// <summary>The next change of one task's state, or its end, shared by all that wait for it. Raised at most once; whoever wants the change after it subscribes again.</summary>
internal sealed class TaskSignal : IThreadPoolWorkItem
{
    // A change is raised on whatever thread made it, inside the store's gate; a waiter's continuation must never run there.
    private readonly TaskCompletionSource<TaskRecord> _raised = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskRecord _record;
    private int _waiters;
    private bool _isClosed;

    /// <summary>Gets the task that completes with the record after the change.</summary>
    public Task<TaskRecord> Raised => _raised.Task;

    /// <summary>Counts one more waiter.</summary>
    /// <returns><see langword="false"/> when the signal was raised or left by all; take a new one.</returns>
    public bool TryJoin()
    {
        lock (_raised)
        {
            _waiters += _isClosed ? 0 : 1;
            return !_isClosed;
        }
    }

    /// <summary>Counts one waiter less.</summary>
    /// <returns><see langword="true"/> when it was the last of a signal that was never raised.</returns>
    public bool Leave()
    {
        lock (_raised)
        {
            bool isLast = --_waiters == 0 && !_isClosed;
            _isClosed |= isLast;
            return isLast;
        }
    }

    /// <summary>Wakes all that wait, from the thread pool: completing thousands of waits takes longer than the gate may be held.</summary>
    public void Raise(in TaskRecord record)
    {
        lock (_raised)
        {
            _isClosed = true;
        }

        _record = record;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _raised.TrySetResult(_record);
}
