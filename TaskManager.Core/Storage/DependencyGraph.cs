namespace TaskManager.Storage;

/// <summary>Who waits for whom. Guarded by the store's gate; the work list lets a cascade over thousands of tasks be worked off in short turns.</summary>
internal sealed class DependencyGraph
{
    private readonly Queue<Work> _ended = new();

    public bool HasWork => _ended.Count > 0;

    /// <summary>Says how the parents of a task stand at its admission.</summary>
    public static (int Unfinished, TaskError? Failed) Stand(TaskEntry[] parents, DependencyFailurePolicy policy)
    {
        TaskEntry? failed = policy == DependencyFailurePolicy.Cancel ? Array.Find(parents, HasEndedBadly) : null;
        return (parents.Count(parent => !parent.Status.State.IsFinal()), failed is null ? null : Failure(failed));
    }

    /// <summary>Ties a task that was just admitted to its parents. One that was born cancelled is tied too, for the day it is retried, but keeps none of them.</summary>
    public static void Tie(TaskEntry entry, TaskEntry[] parents)
    {
        (entry.Ties ??= new DependencyTies()).Parents = parents;
        if (!entry.Status.State.IsFinal())
        {
            Count(entry);
        }
    }

    /// <summary>Counts an unfinished task with its parents, newly or again.</summary>
    public static void Count(TaskEntry entry)
    {
        foreach (TaskEntry parent in entry.Ties?.Parents ?? [])
        {
            (parent.Ties ??= new DependencyTies()).Add(entry, waits: !parent.Status.State.IsFinal());
        }
    }

    public static bool MayRetry(TaskEntry entry) =>
        entry.Definition.Options.OnDependencyFailure == DependencyFailurePolicy.Run
            ? entry.Ties is null || Array.TrueForAll(entry.Ties.Parents, parent => parent.Status.State.IsFinal())
            : entry.Ties is null || Array.TrueForAll(entry.Ties.Parents, parent => parent.Status.State == TaskState.Completed);

    /// <summary>Takes an ended task off its parents and puts those that wait for it on the work list.</summary>
    /// <returns>The parents that no unfinished task depends on any more and that retention would have removed.</returns>
    public IReadOnlyList<TaskEntry> Ended(TaskEntry entry)
    {
        if (entry.Ties is not { } ties)
        {
            return [];
        }

        IReadOnlyList<TaskEntry> waiting = ties.TakeWaiting();
        if (waiting.Count > 0)
        {
            LifecycleEvent told = HasEndedBadly(entry) ? LifecycleEvent.ParentFailed(Failure(entry)) : LifecycleEvent.ParentCompleted();
            _ended.Enqueue(new Work(waiting, told));
        }

        TaskEntry[] parents = ties.Parents;
        if (entry.Status.State == TaskState.Completed)
        {
            ties.Parents = []; // it runs no more, and would keep what they hold after they are removed
        }

        return [.. parents.Where(parent => parent.Ties!.DependantEnded() && parent.Ties.IsOverdue)];
    }

    /// <summary>Takes the next task to tell of a parent's end.</summary>
    /// <returns><see langword="false"/> when there is none.</returns>
    public bool TryTake(out TaskEntry dependant, out LifecycleEvent told)
    {
        while (_ended.TryPeek(out Work? work))
        {
            if (work.TryTake(out dependant!))
            {
                told = work.Told;
                return true;
            }

            _ended.Dequeue();
        }

        (dependant, told) = (null!, default);
        return false;
    }

    private static bool HasEndedBadly(TaskEntry entry) => entry.Status.State.IsFinal() && entry.Status.State != TaskState.Completed;

    private static TaskError Failure(TaskEntry parent) => new(
        TaskErrorCodes.DependencyFailed, $"The task {parent.Definition.Id} that this one depends on ended {parent.Status.State.WireName()}.");

    private sealed class Work(IReadOnlyList<TaskEntry> waiting, LifecycleEvent told)
    {
        private int _taken;

        public LifecycleEvent Told => told;

        public bool TryTake(out TaskEntry? dependant)
        {
            dependant = _taken < waiting.Count ? waiting[_taken++] : null;
            return dependant is not null;
        }
    }
}
