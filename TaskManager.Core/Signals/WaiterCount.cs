namespace TaskManager.Signals;

/// <summary>Counts the calls that wait, so that there are never more than may be.</summary>
internal sealed class WaiterCount(int max)
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <exception cref="TooManyWaitersException">The bound is reached.</exception>
    public void Enter()
    {
        if (!TryEnter())
        {
            throw new TooManyWaitersException(max);
        }
    }

    /// <summary>Counts a call that wants to wait.</summary>
    /// <returns><see langword="false"/> when the bound is reached.</returns>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) > max)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        return true;
    }

    public void Leave() => Interlocked.Decrement(ref _count);
}
