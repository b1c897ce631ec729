namespace TaskManager.Queueing;

/// <summary>The tasks of one type: how many stand in each state, and the ready ones by priority.</summary>
internal sealed class TypeQueue
{
    private readonly Level[] _levels;
    private readonly StartWindow? _starts;
    private readonly HashSet<QueueItem> _goingOn = []; // of the ready ones; kept for a type with a rate, which does not hold them back

    public TypeQueue(TaskType type, IReadOnlyList<FairnessRotation> rotations)
    {
        Type = type;
        _levels = [.. rotations.Select(rotation => new Level(rotation))];
        _starts = type.Rate is { } rate ? new StartWindow(rate) : null;
    }

    public TaskType Type { get; }

    public StateCounts Counts { get; } = new();

    public int Ready { get; private set; }

    /// <summary>Gets the ready tasks whose attempts only go on, if the type has a rate.</summary>
    public IReadOnlyCollection<QueueItem> GoingOn => _goingOn;

    /// <summary>Gets or sets how many attempts were resumed and stand at their workers. They go on when those say that they live, and the next that became free would always be gone by then: it is kept for them.</summary>
    public int Resuming { get; set; }

    /// <summary>Gets a value indicating whether as many tasks of the type run, or are about to go on, as may run.</summary>
    public bool IsAtLimit => Type.MaxConcurrency is { } most && Counts[TaskState.Processing] + Resuming >= most;

    /// <summary>Gets a value indicating whether one of the attempts that stand at their workers may go on.</summary>
    public bool MayGoOn => !(Type.MaxConcurrency is { } most && Counts[TaskState.Processing] >= most);

    /// <summary>Finds how long it is until another attempt of the type may begin.</summary>
    /// <returns>Zero for now.</returns>
    public TimeSpan UntilRateAllows(TimeSpan now) => _starts?.UntilNext(now) ?? TimeSpan.Zero;

    /// <summary>Tells what holds the type's tasks back.</summary>
    public TypeHold HoldAt(TimeSpan now) => IsAtLimit ? TypeHold.Concurrency : UntilRateAllows(now) > TimeSpan.Zero ? TypeHold.Rate : TypeHold.None;

    public Level this[TaskPriority priority] => _levels[(int)priority];

    public void Insert(QueueItem item)
    {
        this[item.Definition.Options.Priority].Insert(item);
        Ready++;
        if (_starts is not null && !item.BeginsAttempt)
        {
            _goingOn.Add(item);
        }
    }

    public void Remove(QueueItem item)
    {
        this[item.Definition.Options.Priority].Remove(item);
        Ready--;
        _goingOn.Remove(item);
    }

    /// <summary>Notes that a ready task's attempt has ended: the next claim begins another, which the rate counts.</summary>
    public void BeginAnew(QueueItem item) => _goingOn.Remove(item);

    /// <summary>Takes the first of a lane.</summary>
    public QueueItem Take(TaskPriority priority, Lane lane, TimeSpan now)
    {
        Ready--;
        QueueItem taken = this[priority].Take(lane);
        if (taken.BeginsAttempt)
        {
            _starts?.Add(now);
        }
        else
        {
            _goingOn.Remove(taken);
        }

        return taken;
    }

    /// <summary>Takes one that goes on, past those before it that the rate holds back.</summary>
    public QueueItem Take(QueueItem goesOn)
    {
        Ready--;
        this[goesOn.Definition.Options.Priority].Take(goesOn);
        _goingOn.Remove(goesOn);
        return goesOn;
    }
}
