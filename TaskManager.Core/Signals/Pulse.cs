namespace TaskManager.Signals;

/// <summary>Something that happens again and again, for those who wait for its next time. Costs a look when nobody waits.</summary>
internal sealed class Pulse
{
    private TaskCompletionSource? _next;

    /// <summary>Gets the next time. Take it first, then look at what it tells of: a pulse in between still wakes.</summary>
    public Task Next()
    {
        TaskCompletionSource? next = Volatile.Read(ref _next);
        if (next is null)
        {
            var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously); // raised inside the store's gate
            next = Interlocked.CompareExchange(ref _next, made, null) ?? made;
        }

        return next.Task;
    }

    public void Raise()
    {
        if (Volatile.Read(ref _next) is not null)
        {
            Interlocked.Exchange(ref _next, null)?.TrySetResult();
        }
    }

    /// <summary>Raises it from the thread pool: waking a thousand waiters takes longer than a gate may be held.</summary>
    public void RaiseLater()
    {
        if (Volatile.Read(ref _next) is not null && Interlocked.Exchange(ref _next, null) is { } next)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static waiters => waiters.TrySetResult(), next, preferLocal: false);
        }
    }
}
