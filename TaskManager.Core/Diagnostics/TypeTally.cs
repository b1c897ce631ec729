namespace TaskManager.Diagnostics;

/// <summary>What has happened to the tasks of one type since the start. Written inside the store's gate, read without it.</summary>
internal sealed class TypeTally(TaskType type)
{
    private readonly long[] _ended = new long[TaskStates.Count];
    private long _submitted;

    public TaskType Type => type;

    public long Submitted => Volatile.Read(ref _submitted);

    public long Ended(TaskState state) => Volatile.Read(ref _ended[(int)state]);

    public void Record(TaskState? from, TaskState to)
    {
        if (from is null)
        {
            _submitted++;
        }

        if (to.IsFinal() && from?.IsFinal() != true)
        {
            _ended[(int)to]++;
        }
    }
}
