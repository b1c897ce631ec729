namespace TaskManager.Tests.Proof.Model;

/// <summary>The rules of where a task stands that no attempt lives of, and how it ends. Written from docs/lifecycle.md, not from the code.</summary>
internal static class ModelPlaces
{
    /// <summary>Blocked while a parent is unfinished, else scheduled while not due, else queued.</summary>
    public static void Place(ModelTask task, ClockReading now)
    {
        task.Suspended = false;
        if (task.Awaits.Count > 0)
        {
            task.State = TaskState.Blocked;
        }
        else if (!task.IsDue(now))
        {
            task.State = TaskState.Scheduled;
        }
        else
        {
            task.State = TaskState.Queued;
        }
    }

    public static LifecycleVerdict Due(ModelTask task, ClockReading now)
    {
        if (task.State != TaskState.Scheduled || !task.IsDue(now))
        {
            return LifecycleVerdict.Refused;
        }

        task.State = TaskState.Queued;
        return Changed(task);
    }

    public static LifecycleVerdict ParentEnded(ModelTask task, ModelTask parent, bool completed, ClockReading now)
    {
        task.Awaits.Remove(parent);
        if (!completed && task.Options.OnDependencyFailure == DependencyFailurePolicy.Cancel)
        {
            return End(task, TaskState.Cancelled, TaskErrorCodes.DependencyFailed, now);
        }

        if (task.State == TaskState.Blocked)
        {
            Place(task, now);
        }

        return Changed(task);
    }

    /// <summary>Ends a task and the attempt that lives of it, if one does.</summary>
    public static LifecycleVerdict End(ModelTask task, TaskState state, string? errorCode, ClockReading now, AttemptOutcome outcome = AttemptOutcome.None)
    {
        task.Finished = task.HasLiveAttempt ? Latest(now.Utc, task.Started!.Value) : Latest(now.Utc, LastMoment(task));
        if (task.HasLiveAttempt)
        {
            EndAttempt(task, outcome, errorCode, task.Finished.Value);
        }

        task.State = state;
        task.ErrorCode = errorCode;
        task.Checkpoint = null;
        task.PauseRequested = false;
        task.Reopened = ReopeningRequest.None;
        return Changed(task);
    }

    public static void EndAttempt(ModelTask task, AttemptOutcome outcome, string? errorCode, DateTimeOffset at)
    {
        task.Live.Outcome = outcome;
        task.Live.ErrorCode = errorCode;
        task.Live.Finished = at;
        task.Suspended = false;
        task.HoldsSlot = false;
    }

    /// <summary>The latest moment of a task that no attempt lives of: moments never go back, whatever the wall clock does.</summary>
    public static DateTimeOffset LastMoment(ModelTask task) => task.Attempts is [.., { Finished: { } ended }] ? Latest(task.Created, ended) : task.Created;

    public static LifecycleVerdict Changed(ModelTask task)
    {
        task.Version++;
        return LifecycleVerdict.Applied;
    }

    public static DateTimeOffset Latest(params ReadOnlySpan<DateTimeOffset> moments)
    {
        DateTimeOffset latest = moments[0];
        foreach (DateTimeOffset moment in moments)
        {
            latest = moment > latest ? moment : latest;
        }

        return latest;
    }
}
