namespace TaskManager.Execution;

/// <summary>How many lines of its log one attempt may tell as events: a flood would push those of all other tasks out of the event log.</summary>
internal sealed class EventBudget
{
    private const int EventsPerSecond = 200;

    private readonly Lock _gate = new();
    private long _second; // guarded by _gate
    private int _eventsInSecond;

    /// <summary>Takes one event out of the budget.</summary>
    /// <returns><see langword="false"/> when this second's is used up.</returns>
    public bool TryTake(TimeSpan now)
    {
        long second = (long)now.TotalSeconds;
        lock (_gate)
        {
            (_second, _eventsInSecond) = second == _second ? (second, _eventsInSecond + 1) : (second, 1);
            return _eventsInSecond <= EventsPerSecond;
        }
    }
}
