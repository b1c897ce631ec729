namespace TaskManager.Queueing;

/// <summary>
/// Every task that may be claimed, in the order of claims: the highest priority first, but every <see cref="OldestEvery"/>th claim takes the oldest ready task of any
/// priority; within a priority the fairness keys take turns; within a key by sequence. A type at its limit, or that the claim may not take, is passed over; of a type at its rate, so
/// are all but the attempts that go on. Not thread-safe: the store's gate guards it.
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
        QueueItem taken = choice.GoesOn is { } goesOn ? choice.Type.Take(goesOn) : choice.Type.Take(choice.Priority, choice.Lane, now);
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
            if (scope.Includes(type) && !type.IsAtLimit && type.Ready > type.GoingOn.Count && type.UntilRateAllows(now) is var wait && wait > TimeSpan.Zero && !(wait >= soonest))
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
                if (level.Ready == 0 || !MayRun(scope, type))
                {
                    continue;
                }

                Choice? next = type.UntilRateAllows(now) == TimeSpan.Zero
                    ? level.NextByTurn() is { } lane ? new Choice(type, (TaskPriority)priority, lane) : null
                    : NextThatGoesOn(type, (TaskPriority)priority);
                if (next is { } choice && (first is null || choice.IsBefore(first.Value)))
                {
                    first = next;
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
            if (!MayRun(scope, type))
            {
                continue;
            }

            bool mayBegin = type.UntilRateAllows(now) == TimeSpan.Zero;
            for (int priority = 0; priority < Priorities && mayBegin; priority++)
            {
                Level level = type[(TaskPriority)priority];
                if (level.Ready > 0 && level.NextByAge() is { } lane && (oldest is null || lane.Head().Sequence < oldest.Value.Sequence))
                {
                    oldest = new Choice(type, (TaskPriority)priority, lane);
                }
            }

            if (!mayBegin && type.GoingOn.Count > 0 && type.GoingOn.MinBy(item => item.Sequence) is { } goesOn && (oldest is null || goesOn.Sequence < oldest.Value.Sequence))
            {
                oldest = Choice.Of(goesOn);
            }
        }

        return oldest;
    }

    // One by one: they are few, and looked at only while the rate holds the others back.
    private static Choice? NextThatGoesOn(TypeQueue type, TaskPriority priority)
    {
        Choice? first = null;
        if (type.GoingOn.Count == 0)
        {
            return first;
        }

        foreach (QueueItem item in type.GoingOn)
        {
            if (item.Definition.Options.Priority == priority && Choice.Of(item) is var choice && (first is null || choice.IsBefore(first.Value)))
            {
                first = choice;
            }
        }

        return first;
    }

    private static bool MayRun(ClaimScope scope, TypeQueue type) => scope.Includes(type) && !type.IsAtLimit;

    private void ForgetIfEmpty(TypeQueue type)
    {
        if (type.Ready == 0)
        {
            _types.Remove(type);
        }
    }

    /// <summary>What may be taken: the first of a lane, or one that goes on wherever it stands there.</summary>
    private readonly record struct Choice(TypeQueue Type, TaskPriority Priority, Lane Lane, QueueItem? GoesOn = null)
    {
        public long Sequence => (GoesOn ?? Lane.Head()).Sequence;

        public static Choice Of(QueueItem goesOn) => new(goesOn.Queue, goesOn.Definition.Options.Priority, goesOn.Place!, goesOn);

        // The same key stands at the same turn in every type; there the sequence decides.
        public bool IsBefore(in Choice other) =>
            Lane.Turn!.Rank != other.Lane.Turn!.Rank ? Lane.Turn.Rank < other.Lane.Turn.Rank : Sequence < other.Sequence;
    }
}
