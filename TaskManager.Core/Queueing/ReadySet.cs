namespace TaskManager.Queueing;

/// <summary>
/// Every task that may be claimed, in the order of claims: the highest priority first, but every <see cref="OldestEvery"/>th claim takes the oldest ready task of any
/// priority; within a priority the fairness keys take turns; within a key by sequence. Not thread-safe: the store's gate guards it.
/// </summary>
internal sealed class ReadySet
{
    /// <summary>Against starvation: each claim with this ordinal takes the oldest ready task of all.</summary>
    public const int OldestEvery = 8;

    private readonly FairnessRotation[] _rotations = [.. Enum.GetValues<TaskPriority>().Select(_ => new FairnessRotation())];
    private readonly List<TypeQueue> _types = []; // those with something ready
    private long _claims;

    public TypeQueue NewType(TaskType type) => new(type, _rotations);

    public void Insert(QueueItem item)
    {
        if (item.Queue.Ready == 0)
        {
            _types.Add(item.Queue);
        }

        item.Queue.Insert(item);
    }

    public void Remove(QueueItem item)
    {
        item.Queue.Remove(item);
        ForgetIfEmpty(item.Queue);
    }

    /// <summary>Takes the task whose turn it is.</summary>
    /// <returns><see langword="null"/> when none is ready.</returns>
    public QueueItem? Take()
    {
        if (_types.Count == 0)
        {
            return null;
        }

        (TypeQueue type, TaskPriority priority, Lane lane) = ++_claims % OldestEvery == 0 ? Oldest() : Next();
        QueueItem taken = type.Take(priority, lane);
        ForgetIfEmpty(type);
        return taken;
    }

    private (TypeQueue Type, TaskPriority Priority, Lane Lane) Next()
    {
        for (TaskPriority priority = TaskPriority.Critical; ; priority--)
        {
            (TypeQueue Type, Lane Lane)? first = null;
            foreach (TypeQueue type in _types)
            {
                if (type[priority].Ready > 0 && type[priority].NextByTurn() is { } lane && (first is null || IsBefore(lane, first.Value.Lane)))
                {
                    first = (type, lane);
                }
            }

            if (first is { } found)
            {
                return (found.Type, priority, found.Lane);
            }
        }
    }

    private (TypeQueue Type, TaskPriority Priority, Lane Lane) Oldest()
    {
        (TypeQueue Type, TaskPriority Priority, Lane Lane)? oldest = null;
        foreach (TypeQueue type in _types)
        {
            for (TaskPriority priority = TaskPriority.Low; priority <= TaskPriority.Critical; priority++)
            {
                if (type[priority].Ready > 0 && type[priority].NextByAge() is { } lane
                    && (oldest is null || lane.Head().Sequence < oldest.Value.Lane.Head().Sequence))
                {
                    oldest = (type, priority, lane);
                }
            }
        }

        return oldest!.Value;
    }

    // The same key stands at the same turn in every type; there the sequence decides.
    private static bool IsBefore(Lane lane, Lane other) =>
        lane.Turn!.Rank != other.Turn!.Rank ? lane.Turn.Rank < other.Turn.Rank : lane.Head().Sequence < other.Head().Sequence;

    private void ForgetIfEmpty(TypeQueue type)
    {
        if (type.Ready == 0)
        {
            _types.Remove(type);
        }
    }
}
