namespace TaskManager.Queueing;

/// <summary>The last starts of one type, as many as may lie within one span: an exact sliding window.</summary>
internal sealed class StartWindow(TaskRate rate)
{
    private readonly Queue<TimeSpan> _starts = new(); // oldest first

    public void Add(TimeSpan now)
    {
        if (_starts.Count == rate.Count)
        {
            _starts.Dequeue();
        }

        _starts.Enqueue(now);
    }

    public TimeSpan UntilNext(TimeSpan now)
    {
        TimeSpan wait = _starts.Count < rate.Count ? TimeSpan.Zero : _starts.Peek() + rate.Per - now;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
