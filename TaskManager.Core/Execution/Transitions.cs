namespace TaskManager.Execution;

/// <summary>Asks the lifecycle and writes its answer, again and again until nobody was in between.</summary>
internal sealed class Transitions(ITaskStore store)
{
    /// <summary>Moves a task that has yet to be looked up.</summary>
    public async ValueTask<TaskMove> ApplyAsync(Guid id, LifecycleEvent change, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } record
            ? await ApplyAsync(record, change, cancellationToken).ConfigureAwait(false)
            : new TaskMove(MoveOutcome.NotFound, default);

    /// <summary>Moves a task from where it was last seen; a look-up is made only when it has moved since.</summary>
    public ValueTask<TaskMove> ApplyAsync(TaskRecord record, LifecycleEvent change, CancellationToken cancellationToken)
    {
        // A store in memory answers at once, and mostly nobody was in between: that needs no state machine.
        if (TaskLifecycle.Apply(record, change, store.Now).Next is not { } next)
        {
            return ApplyAgainAsync(record, change, cancellationToken);
        }

        ValueTask<UpdateOutcome> updating = store.TryUpdateAsync(record, next, cancellationToken);
        if (!updating.IsCompletedSuccessfully)
        {
            return FinishAsync(updating, record, next, change, cancellationToken);
        }

        UpdateOutcome outcome = updating.Result;
        return outcome == UpdateOutcome.Updated
            ? new ValueTask<TaskMove>(new TaskMove(MoveOutcome.Applied, record with { Status = next }))
            : FinishAsync(new ValueTask<UpdateOutcome>(outcome), record, next, change, cancellationToken);
    }

    private async ValueTask<TaskMove> FinishAsync(
        ValueTask<UpdateOutcome> updating, TaskRecord record, LifecycleStatus next, LifecycleEvent change, CancellationToken cancellationToken)
    {
        UpdateOutcome outcome = await updating.ConfigureAwait(false);
        return outcome == UpdateOutcome.Stale
            ? await ApplyAgainAsync(record, change, cancellationToken).ConfigureAwait(false)
            : new TaskMove(Answer(outcome), outcome == UpdateOutcome.Updated ? record with { Status = next } : record);
    }

    private async ValueTask<TaskMove> ApplyAgainAsync(TaskRecord record, LifecycleEvent change, CancellationToken cancellationToken)
    {
        while (true)
        {
            LifecycleMove move = TaskLifecycle.Apply(record, change, store.Now);
            if (move.Next is { } next)
            {
                UpdateOutcome outcome = await store.TryUpdateAsync(record, next, cancellationToken).ConfigureAwait(false);
                if (outcome != UpdateOutcome.Stale)
                {
                    return new TaskMove(Answer(outcome), outcome == UpdateOutcome.Updated ? record with { Status = next } : record);
                }
            }
            else if (move.Verdict == LifecycleVerdict.Repeated)
            {
                return new TaskMove(MoveOutcome.Repeated, record);
            }

            // A refusal counts only if it was given on the task as it stands now.
            if (await store.FindAsync(record.Id, cancellationToken).ConfigureAwait(false) is not { } latest)
            {
                return new TaskMove(MoveOutcome.NotFound, record);
            }

            if (move.Next is null && ReferenceEquals(latest.Status, record.Status))
            {
                return new TaskMove(move.Verdict == LifecycleVerdict.LeaseLost ? MoveOutcome.LeaseLost : MoveOutcome.Refused, latest);
            }

            record = latest;
        }
    }

    private static MoveOutcome Answer(UpdateOutcome outcome) => outcome switch
    {
        UpdateOutcome.Updated => MoveOutcome.Applied,
        UpdateOutcome.Missing => MoveOutcome.NotFound,
        UpdateOutcome.Full => MoveOutcome.Full,
        UpdateOutcome.UniqueKeyTaken => MoveOutcome.UniqueKeyTaken,
        UpdateOutcome.ParentNotCompleted => MoveOutcome.ParentNotCompleted,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "No answer."),
    };
}
