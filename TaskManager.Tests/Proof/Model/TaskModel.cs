namespace TaskManager.Tests.Proof.Model;

/// <summary>
/// All tasks as a naive model keeps them: what a store must answer and where every task must stand. It knows lifecycle.md and nothing of the code. What the rules leave open, it is
/// told: in which order those that wait for one parent hear of its end, and when retention takes a task that it may take.
/// </summary>
internal sealed class TaskModel
{
    private readonly TaskManagerOptions _options;
    private readonly List<ModelTask> _kept = [];
    private readonly List<(ModelTask Dependant, ModelTask Parent, bool Completed)> _untold = [];
    private long _ends;

    public TaskModel(TaskManagerOptions options, IEnumerable<TaskType> types, ClockReading now)
    {
        _options = options;
        Types = [.. types.Select(type => new ModelType(type))];
        Now = now;
        Order = new ModelOrder((task, at) => !IsAtLimit(task.Type) && (task.Suspended || task.Type.UntilRateAllows(at) == TimeSpan.Zero)); // what goes on is no new start
        Keys = new ModelKeys(this, options);
    }

    public IReadOnlyList<ModelType> Types { get; }

    public ClockReading Now { get; private set; }

    public ModelOrder Order { get; }

    public ModelKeys Keys { get; }

    /// <summary>Gets the tasks that are kept, by sequence.</summary>
    public IReadOnlyList<ModelTask> Kept => _kept;

    public HashSet<Guid> Gone { get; } = [];

    public long Accepted { get; private set; }

    public int Unfinished => _kept.Count(task => !task.IsFinal);

    public ModelTask this[Guid id] => _kept.Single(task => task.Id == id);

    /// <summary>Tells whether as many tasks of a type run as may; a place is kept for each that was resumed and stands at its worker.</summary>
    public bool IsAtLimit(ModelType type) =>
        type.Type.MaxConcurrency is { } most && _kept.Count(task => task.Type == type && (task.State == TaskState.Processing || task.IsResumingAtWorker)) >= most;

    /// <summary>Tells whether one that stands at its worker may go on.</summary>
    public bool MayGoOn(ModelType type) =>
        type.Type.MaxConcurrency is not { } most || _kept.Count(task => task.Type == type && task.State == TaskState.Processing) < most;

    /// <summary>Tells whether an unfinished task depends on one, so that it must stay.</summary>
    public bool IsNeeded(ModelTask task) => _kept.Exists(other => !other.IsFinal && other.Parents.Contains(task));

    /// <summary>Lets the time pass.</summary>
    public void MoveTo(ClockReading now)
    {
        TimeSpan passed = now.Elapsed - Now.Elapsed;
        Now = now;
        foreach (ModelTask task in _kept)
        {
            task.Waited += task.State == TaskState.Queued ? passed : TimeSpan.Zero;
            task.Ran += task.State == TaskState.Processing ? passed : TimeSpan.Zero;
        }
    }

    /// <summary>Says how a submission must be answered, and by which task if by one that is there.</summary>
    public (AddOutcome Outcome, ModelTask? Task) Answer(in TaskSubmission submission) =>
        Keys.Answer(submission) is { } answer ? answer
        : submission.Options.DependsOn.Any(id => !_kept.Exists(task => task.Id == id)) ? (AddOutcome.UnknownParents, null)
        : Unfinished >= _options.QueueCapacity ? (AddOutcome.Full, null)
        : (AddOutcome.Added, null);

    /// <summary>Takes in a task that was admitted.</summary>
    public ModelTask Admit(TaskSubmission submission, Guid id, long sequence)
    {
        Accepted++;
        SubmitOptions asked = submission.Options;
        var task = new ModelTask
        {
            Id = id,
            Sequence = sequence,
            Type = Types.Single(type => type.Type == submission.Type),
            Options = asked,
            Parents = [.. asked.DependsOn.Select(parent => this[parent])],
            Created = Now.Utc,
            ParametersDigest = submission.ParametersDigest,
            DueAtAdmission = asked.Delay > TimeSpan.Zero ? Now.Elapsed + asked.Delay : null,
        };
        _kept.Add(task);
        bool parentEndedBadly = task.Parents.Any(parent => parent.IsFinal && parent.State != TaskState.Completed);
        if (parentEndedBadly && asked.OnDependencyFailure == DependencyFailurePolicy.Cancel)
        {
            task.State = TaskState.Cancelled;
            task.ErrorCode = TaskErrorCodes.DependencyFailed;
            task.Finished = Now.Utc;
            task.EndNumber = ++_ends;
            Keys.Ended(task);
            return task;
        }

        task.Awaits.UnionWith(task.Parents.Where(parent => !parent.IsFinal));
        task.DueAt = task.DueAtAdmission;
        ModelPlaces.Place(task, Now);
        if (task.State == TaskState.Queued)
        {
            Order.Enter(task);
        }

        return task;
    }

    /// <summary>Asks the rules, and keeps in step what follows from the state.</summary>
    public LifecycleVerdict Change(ModelTask task, Func<LifecycleVerdict> rule)
    {
        bool wasReady = task.IsClaimable;
        bool wasFinal = task.IsFinal;
        LifecycleVerdict verdict = rule();
        if (wasReady && !task.IsClaimable)
        {
            Order.Leave(task);
        }
        else if (!wasReady && task.IsClaimable)
        {
            Order.Enter(task);
        }

        if (task.IsFinal && !wasFinal)
        {
            task.EndNumber = ++_ends;
            Keys.Ended(task);
            _untold.AddRange(_kept.Where(other => other.Awaits.Contains(task)).Select(other => (other, task, task.State == TaskState.Completed)));
        }

        return verdict;
    }

    /// <summary>Claims the task whose turn it is.</summary>
    public ModelTask? Claim(ModelClaimant claimant, TaskLease lease)
    {
        ModelTask? next = Order.Next(claimant, Now.Elapsed);
        if (next is not null)
        {
            Order.Take(next, claimant);
            if (!next.Suspended) // what goes on is no new start
            {
                next.Type.Starts.Add(Now.Elapsed);
            }

            ModelAttempts.Claim(next, lease, Now);
        }

        return next;
    }

    /// <summary>Says why a retry is not possible, beside what the rules say.</summary>
    public UpdateOutcome RefusalOfRetry(ModelTask task)
    {
        bool mayRun = task.Options.OnDependencyFailure == DependencyFailurePolicy.Run
            ? task.Parents.All(parent => parent.IsFinal)
            : task.Parents.All(parent => parent.State == TaskState.Completed);
        return !mayRun ? UpdateOutcome.ParentNotCompleted
            : !Keys.IsUniqueKeyFree(task) ? UpdateOutcome.UniqueKeyTaken
            : Unfinished >= _options.QueueCapacity ? UpdateOutcome.Full
            : UpdateOutcome.Updated;
    }

    /// <summary>Tells a task of the end of one of its parents, as the store has just done.</summary>
    /// <returns><see langword="false"/> when there was no such end to tell of.</returns>
    public bool TryTellOfParent(in TaskRecord told)
    {
        Guid id = told.Id;
        bool isCancelled = told.State == TaskState.Cancelled;
        string? named = told.Status.Error?.Message;
        int owed = _untold.FindIndex(entry => entry.Dependant.Id == id && !entry.Dependant.IsFinal
            && isCancelled == (!entry.Completed && entry.Dependant.Options.OnDependencyFailure == DependencyFailurePolicy.Cancel)
            && (!isCancelled || named!.Contains(entry.Parent.Id.ToString(), StringComparison.Ordinal)));
        if (owed < 0)
        {
            return false;
        }

        (ModelTask dependant, ModelTask parent, bool completed) = _untold[owed];
        _untold.RemoveAt(owed);
        Change(dependant, () => ModelPlaces.ParentEnded(dependant, parent, completed, Now));
        return true;
    }

    /// <summary>Tells whether a task waits to hear of an end that has come.</summary>
    public bool IsAnyUntold => _untold.Exists(entry => !entry.Dependant.IsFinal);

    public void ForgetTheDeaf() => _untold.RemoveAll(entry => entry.Dependant.IsFinal);

    /// <summary>Lets go of a task that the store keeps no more; it must have been free to go.</summary>
    public void Forget(ModelTask task)
    {
        Assert.True(task.IsFinal, $"{task} was removed before its end.");
        Assert.False(IsNeeded(task), $"{task} was removed while an unfinished task depends on it.");
        bool isOld = Now.Elapsed - Keys.EndedAt(task) >= _options.Retention;
        bool isCrowdedOut = _ends - task.EndNumber >= _options.MaxRetained;
        Assert.True(task.Unwanted || isOld || isCrowdedOut, $"{task} was removed, but neither its age nor the bound nor anybody asked for it.");
        _kept.Remove(task);
        Gone.Add(task.Id);
        Keys.Removed(task);
    }

    /// <summary>Tells whether a task must be gone by now.</summary>
    public bool MustBeGone(ModelTask task, bool swept) =>
        task.IsFinal && !IsNeeded(task) && (task.Unwanted || (swept && Now.Elapsed - Keys.EndedAt(task) >= _options.Retention));
}
