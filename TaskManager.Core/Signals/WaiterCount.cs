namespace TaskManager.Signals;

/// <summary>Counts the calls that wait, so that there are never more than may be.</summary>
internal sealed class WaiterCount(int max)
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <exception cref="TooManyWaitersException">The bound is reached.</exception>
    public void Enter()
    {
        if (Interlocked.Increment(ref _count) > max)
        {
            Interlocked.Decrement(ref _count);
            throw new TooManyWaitersException(max);
        }
    }

    public void Leave() => Interlocked.Decrement(ref _count);
}
