namespace TaskManager.Queueing;

/// <summary>The tasks of one type: how many stand in each state, and the ready ones by priority.</summary>
internal sealed class TypeQueue
{
    private readonly Level[] _levels;

    public TypeQueue(TaskType type, IReadOnlyList<FairnessRotation> rotations)
    {
        Type = type;
        _levels = [.. rotations.Select(rotation => new Level(rotation))];
    }

    public TaskType Type { get; }

    public StateCounts Counts { get; } = new();

    public int Ready { get; private set; }

    public Level this[TaskPriority priority] => _levels[(int)priority];

    public void Insert(QueueItem item)
    {
        this[item.Definition.Options.Priority].Insert(item);
        Ready++;
    }

    public void Remove(QueueItem item)
    {
        this[item.Definition.Options.Priority].Remove(item);
        Ready--;
    }

    public QueueItem Take(TaskPriority priority, Lane lane)
    {
        Ready--;
        return this[priority].Take(lane);
    }
}
