namespace TaskManager.Signals;

/// <summary>
/// Wakes those that wait for room in the queue, one for each task that ends, in the order in which they began to wait. Whoever was woken and leaves room passes the hint on, since not
/// all that makes room says so.
/// </summary>
internal sealed class RoomHint : IDisposable
{
    private readonly SemaphoreSlim _hints = new(0);
    private int _waiters;

    public void Raise()
    {
        if (Volatile.Read(ref _waiters) > 0)
        {
            _hints.Release();
        }
    }

    /// <summary>Wakes all that wait: what holds one of them up, such as a bound on its key, need not hold up the others.</summary>
    public void RaiseAll()
    {
        int missing = Volatile.Read(ref _waiters) - _hints.CurrentCount;
        if (missing > 0)
        {
            _hints.Release(missing);
        }
    }

    /// <summary>Begins to wait: from now on no room that comes free is missed.</summary>
    public void Join() => Interlocked.Increment(ref _waiters);

    public Task NextAsync(CancellationToken cancellationToken) => _hints.WaitAsync(cancellationToken);

    public void Leave() => Interlocked.Decrement(ref _waiters);

    public void Dispose() => _hints.Dispose();
}
