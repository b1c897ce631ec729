namespace TaskManager.Queueing;

/// <summary>How many tasks stand in each state.</summary>
internal sealed class StateCounts
{
    private readonly long[] _counts = new long[TaskStates.Count];

    public long this[TaskState state]
    {
        get => Volatile.Read(ref _counts[(int)state]);
        set => Volatile.Write(ref _counts[(int)state], value);
    }
}
