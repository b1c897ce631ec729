namespace TaskManager.Tests.Proof.Model;

/// <summary>
/// The order of claims, kept the slow way: highest priority first; every 8th claim of the same types the oldest of any priority; within a priority the fairness keys take turns, and one that joins
/// stands behind all that wait; within a key by sequence; a type at its limit is passed over, and one at its rate but for the attempts that go on.
/// </summary>
internal sealed class ModelOrder(Func<ModelTask, TimeSpan, bool> mayStart)
{
    private readonly List<ModelTask> _ready = [];
    private readonly List<(TaskPriority Priority, string Key)> _turns = []; // the key whose turn is longest ago stands first

    public IReadOnlyList<ModelTask> Ready => _ready;

    public void Enter(ModelTask task)
    {
        _ready.Add(task);
        if (!_turns.Contains(TurnOf(task)))
        {
            _turns.Add(TurnOf(task));
        }
    }

    public void Leave(ModelTask task)
    {
        _ready.Remove(task);
        if (!_ready.Exists(other => TurnOf(other) == TurnOf(task)))
        {
            _turns.Remove(TurnOf(task));
        }
    }

    /// <summary>Says whose turn it is.</summary>
    /// <returns><see langword="null"/> when nothing may start that the claimant may take.</returns>
    public ModelTask? Next(ModelClaimant claimant, TimeSpan now)
    {
        ModelTask[] startable = [.. _ready.Where(task => claimant.MayTake(task.Type) && mayStart(task, now))];
        if (startable.Length == 0)
        {
            return null;
        }

        if ((claimant.Claims + 1) % 8 == 0)
        {
            return startable.MinBy(task => task.Sequence);
        }

        TaskPriority highest = startable.Max(task => task.Options.Priority);
        ModelTask[] first = [.. startable.Where(task => task.Options.Priority == highest)];
        int turn = first.Min(task => _turns.IndexOf(TurnOf(task)));
        return first.Where(task => _turns.IndexOf(TurnOf(task)) == turn).MinBy(task => task.Sequence);
    }

    /// <summary>Notes that a task was claimed: its key stands last from now on.</summary>
    public void Take(ModelTask task, ModelClaimant claimant)
    {
        claimant.Claims++;
        _turns.Remove(TurnOf(task));
        _turns.Add(TurnOf(task));
        Leave(task);
    }

    private static (TaskPriority Priority, string Key) TurnOf(ModelTask task) => (task.Options.Priority, task.FairnessKey);
}
