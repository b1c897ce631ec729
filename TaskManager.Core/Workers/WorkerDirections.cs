namespace TaskManager.Workers;

/// <summary>What there is to say to a worker at one moment, and whether any of it is new to it. Only <see cref="RememberTold"/> changes anything.</summary>
internal sealed class WorkerDirections(RemoteWorker worker, WorkerDirective wanted)
{
    private readonly List<TaskDirective> _tasks = [];
    private readonly Dictionary<HeldLease, (LeaseDirective Directive, bool WasNamed)> _said = [];

    public bool IsNews { get; private set; } = wanted != worker.Told;

    public HeartbeatAnswer Answer => new(WorkerCallOutcome.Accepted, wanted, _tasks);

    /// <summary>Adds a lease that the heartbeat names: it is always answered.</summary>
    public void AddNamed(HeldLease lease)
    {
        LeaseDirective directive = DirectiveOf(lease);
        IsNews |= lease.Told != (directive, true);
        Say(lease, directive, isNamed: true);
    }

    /// <summary>Adds a lease that the heartbeat does not name, since it was claimed while that hung: if there is something to say of it, and once.</summary>
    public void AddUnnamed(HeldLease lease)
    {
        LeaseDirective directive = DirectiveOf(lease);
        if (directive != lease.Told.Directive && !_said.ContainsKey(lease))
        {
            IsNews = true;
            Say(lease, directive, isNamed: false);
        }
    }

    /// <summary>Adds a task that the heartbeat names and the worker holds no more.</summary>
    public void AddLost(Guid taskId)
    {
        IsNews = true;
        _tasks.Add(new TaskDirective(taskId, LeaseDirective.Lost, TimeSpan.Zero));
    }

    /// <summary>Notes that all this goes out now.</summary>
    public void RememberTold()
    {
        worker.Told = wanted;
        foreach ((HeldLease lease, (LeaseDirective Directive, bool WasNamed) said) in _said)
        {
            lease.Told = said;
        }
    }

    private LeaseDirective DirectiveOf(HeldLease lease) => wanted == WorkerDirective.Terminate ? LeaseDirective.Cancel : lease.Directive;

    private void Say(HeldLease lease, LeaseDirective directive, bool isNamed)
    {
        _said[lease] = (directive, isNamed);
        _tasks.Add(new TaskDirective(lease.Key.TaskId, directive, worker.LeaseDuration));
    }
}
