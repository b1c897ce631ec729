namespace TaskManager.Storage;

/// <summary>What ties a task to others, seen from both sides.</summary>
internal sealed class DependencyTies
{
    private const int FewWaiting = 32;

    private List<TaskEntry> _waiting = [];

    /// <summary>Gets or sets the tasks that this one depends on.</summary>
    public TaskEntry[] Parents { get; set; } = [];

    /// <summary>Gets how many tasks that have not ended depend on this one; while there are any, it is not removed.</summary>
    public int UnfinishedDependants { get; private set; }

    /// <summary>Gets or sets a value indicating whether retention would have removed the task but for its dependants.</summary>
    public bool IsOverdue { get; set; }

    /// <summary>Counts a dependant that has not ended.</summary>
    /// <param name="dependant">The task.</param>
    /// <param name="waits">Whether it must be told when this task ends.</param>
    public void Add(TaskEntry dependant, bool waits)
    {
        UnfinishedDependants++;
        if (!waits)
        {
            return;
        }

        if (_waiting.Count > FewWaiting && _waiting.Count > 2 * UnfinishedDependants)
        {
            _waiting.RemoveAll(entry => entry.Status.State.IsFinal());
        }

        _waiting.Add(dependant);
    }

    /// <summary>Takes the tasks that wait for this one's end, so that each is told once, even if this one is retried and ends again.</summary>
    public IReadOnlyList<TaskEntry> TakeWaiting()
    {
        List<TaskEntry> waiting = _waiting;
        _waiting = [];
        return waiting;
    }

    /// <summary>Notes that a dependant has ended.</summary>
    /// <returns><see langword="true"/> when it was the last.</returns>
    public bool DependantEnded() => --UnfinishedDependants == 0;
}
