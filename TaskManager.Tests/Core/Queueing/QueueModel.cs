namespace TaskManager.Tests.Core.Queueing;

/// <summary>The order of claims as docs/lifecycle.md has it, written without a thought for speed: lists, scanned from end to end.</summary>
internal sealed class QueueModel
{
    private readonly List<TaskDefinition> _ready = [];
    private readonly List<(TaskPriority Priority, string Key)> _turns = []; // whose turn comes first stands first
    private readonly List<(TaskType Type, TimeSpan At)> _starts = [];
    private readonly List<TaskType> _running = [];
    private readonly HashSet<TaskDefinition> _goingOn = [];
    private int _claims;

    public int Ready => _ready.Count;

    public void Insert(TaskDefinition task, bool goesOn = false)
    {
        _ready.Add(task);
        if (goesOn)
        {
            _goingOn.Add(task);
        }

        if (!_turns.Contains(TurnOf(task)))
        {
            _turns.Add(TurnOf(task));
        }
    }

    public void Remove(TaskDefinition task)
    {
        _ready.Remove(task);
        if (!_ready.Exists(other => TurnOf(other) == TurnOf(task)))
        {
            _turns.Remove(TurnOf(task));
        }
    }

    public TaskDefinition? Take(TimeSpan now)
    {
        TaskType[] types = [.. TypesBelowTheirLimits()];
        TaskDefinition[] free = [.. _ready.Where(task => types.Contains(task.Type) && (_goingOn.Contains(task) || UntilRateAllows(task.Type, now) == TimeSpan.Zero))];
        if (free.Length == 0)
        {
            return null;
        }

        _claims++;
        TaskDefinition taken = _claims % 8 == 0 ? free.MinBy(task => task.Sequence)! : FirstByTurn(free);
        _turns.Remove(TurnOf(taken));
        _turns.Add(TurnOf(taken));
        Remove(taken);
        if (!_goingOn.Contains(taken))
        {
            _starts.Add((taken.Type, now));
        }

        _running.Add(taken.Type);
        return taken;
    }

    public void Finish(TaskType type) => _running.Remove(type);

    public TimeSpan? UntilRateAllows(TimeSpan now) => TypesBelowTheirLimits()
        .Where(type => _ready.Exists(task => task.Type == type && !_goingOn.Contains(task)))
        .Select(type => UntilRateAllows(type, now))
        .Where(wait => wait > TimeSpan.Zero)
        .Select(wait => (TimeSpan?)wait)
        .Min();

    private TaskDefinition FirstByTurn(TaskDefinition[] free)
    {
        TaskPriority highest = free.Max(task => task.Options.Priority);
        return _turns
            .Where(turn => turn.Priority == highest)
            .Select(turn => free.Where(task => TurnOf(task) == turn).MinBy(task => task.Sequence))
            .First(task => task is not null)!;
    }

    private static (TaskPriority Priority, string Key) TurnOf(TaskDefinition task) => (task.Options.Priority, task.Options.FairnessKey ?? string.Empty);

    private IEnumerable<TaskType> TypesBelowTheirLimits() => _ready
        .Select(task => task.Type)
        .Distinct()
        .Where(type => _running.Count(running => running == type) < (type.MaxConcurrency ?? int.MaxValue));

    // The oldest of as many starts as may lie within the span must have left it.
    private TimeSpan UntilRateAllows(TaskType type, TimeSpan now)
    {
        if (type.Rate is not { } rate)
        {
            return TimeSpan.Zero;
        }

        TimeSpan[] inside = [.. _starts.Where(start => start.Type == type && start.At + rate.Per > now).Select(start => start.At)];
        return inside.Length < rate.Count ? TimeSpan.Zero : inside[^rate.Count] + rate.Per - now;
    }
}
