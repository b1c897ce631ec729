namespace TaskManager.Tests.Proof.Races;

/// <summary>A clock at which a test may let something else happen, once, while somebody looks what time it is.</summary>
internal sealed class SyncPointClock(TimeProvider inner) : TimeProvider
{
    private Action? _beforeNow;

    public Action? BeforeNow
    {
        set => _beforeNow = value;
    }

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow()
    {
        Interlocked.Exchange(ref _beforeNow, null)?.Invoke();
        return inner.GetUtcNow();
    }

    public override long GetTimestamp() => inner.GetTimestamp();
}
