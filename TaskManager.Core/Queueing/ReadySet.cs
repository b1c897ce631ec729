namespace TaskManager.Queueing;

/// <summary>
/// Every task that may be claimed, in the order of claims: the highest priority first, but every <see cref="OldestEvery"/>th claim takes the oldest ready task of any
/// priority; within a priority the fairness keys take turns; within a key by sequence. A type at its limit, or that the claim may not take, is passed over. Not thread-safe: the
/// store's gate guards it.
/// </summary>
internal sealed class ReadySet
{
    /// <summary>Against starvation: each claim with this ordinal takes the oldest ready task of all.</summary>
    public const int OldestEvery = 8;

    private const int Priorities = (int)TaskPriority.Critical + 1;

    private readonly FairnessRotation[] _rotations = [.. Enumerable.Range(0, Priorities).Select(_ => new FairnessRotation())];
    private readonly List<TypeQueue> _types = []; // those with something ready

    private int _ready;

    /// <summary>
    /// Gets a value indicating whether nothing is ready. May be asked without the gate: who says that it is idle and then asks, and who inserts and then asks whether somebody is idle,
    /// do not miss each other, since both let a full fence pass in between.
    /// </summary>
    public bool IsEmpty => Volatile.Read(ref _ready) == 0;

    public TypeQueue NewType(TaskType type) => new(type, _rotations);

    public void Insert(QueueItem item)
    {
        if (item.Queue.Ready == 0)
        {
            _types.Add(item.Queue);
        }

        item.Queue.Insert(item);
        Interlocked.Increment(ref _ready);
    }

    public void Remove(QueueItem item)
    {
        item.Queue.Remove(item);
        Volatile.Write(ref _ready, _ready - 1);
        ForgetIfEmpty(item.Queue);
    }

    /// <summary>Takes the task whose turn it is.</summary>
    /// <returns><see langword="null"/> when none of the scope is ready, or all that are belong to types at their limits.</returns>
    public QueueItem? Take(ClaimScope scope, TimeSpan now)
    {
        if (((scope.Claims + 1) % OldestEvery == 0 ? Oldest(scope, now) : Next(scope, now)) is not { } choice)
        {
            return null;
        }

        scope.Claims++;
        QueueItem taken = choice.Type.Take(choice.Priority, choice.Lane, now);
        Volatile.Write(ref _ready, _ready - 1);
        ForgetIfEmpty(choice.Type);
        return taken;
    }

    /// <summary>Finds how long it is until a type of the scope that is only held back by its rate may start another task.</summary>
    /// <returns><see langword="null"/> when none is held back so.</returns>
    public TimeSpan? UntilRateAllows(ClaimScope scope, TimeSpan now)
    {
        TimeSpan? soonest = null;
        foreach (TypeQueue type in _types)
        {
            if (scope.Includes(type) && !type.IsAtLimit && type.UntilRateAllows(now) is var wait && wait > TimeSpan.Zero && !(wait >= soonest))
            {
                soonest = wait;
            }
        }

        return soonest;
    }

    private Choice? Next(ClaimScope scope, TimeSpan now)
    {
        for (int priority = Priorities - 1; priority >= 0; priority--)
        {
            Choice? first = null;
            foreach (TypeQueue type in _types)
            {
                Level level = type[(TaskPriority)priority];
                if (level.Ready > 0 && MayStart(scope, type, now) && level.NextByTurn() is { } lane && (first is null || IsBefore(lane, first.Value.Lane)))
                {
                    first = new Choice(type, (TaskPriority)priority, lane);
                }
            }

            if (first is not null)
            {
                return first;
            }
        }

        return null;
    }

    private Choice? Oldest(ClaimScope scope, TimeSpan now)
    {
        Choice? oldest = null;
        foreach (TypeQueue type in _types)
        {
            for (int priority = 0; priority < Priorities && MayStart(scope, type, now); priority++)
            {
                Level level = type[(TaskPriority)priority];
                if (level.Ready > 0 && level.NextByAge() is { } lane && (oldest is null || lane.Head().Sequence < oldest.Value.Lane.Head().Sequence))
                {
                    oldest = new Choice(type, (TaskPriority)priority, lane);
                }
            }
        }

        return oldest;
    }

    private static bool MayStart(ClaimScope scope, TypeQueue type, TimeSpan now) => scope.Includes(type) && !type.IsAtLimit && type.UntilRateAllows(now) == TimeSpan.Zero;

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

    private readonly record struct Choice(TypeQueue Type, TaskPriority Priority, Lane Lane);
}
