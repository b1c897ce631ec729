using TaskManager.Lifecycle;

namespace TaskManager;

/// <summary>
/// The rules of a task's life, as one pure function. The engine and every store ask it; nothing else makes a <see cref="LifecycleStatus"/>.
/// The table is that of <c>docs/lifecycle.md</c>: what is not listed is refused and changes nothing.
/// </summary>
public static class TaskLifecycle
{
    /// <summary>How many earlier attempts are kept in a task's history.</summary>
    public const int MaxHistory = 100;

    /// <summary>Gives a new task its first status.</summary>
    /// <param name="definition">What was asked.</param>
    /// <param name="unfinishedParents">How many of the tasks it depends on have not ended.</param>
    /// <param name="failedParent">Names a parent that has already ended badly; <see langword="null"/> when none has, or when that does not matter to the task.</param>
    /// <param name="now">The reading that the definition was created at.</param>
    /// <returns>Blocked, scheduled or queued; cancelled when a parent has ended badly.</returns>
    public static LifecycleStatus Admit(TaskDefinition definition, int unfinishedParents, TaskError? failedParent, ClockReading now)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return Placement.Admit(definition, unfinishedParents, failedParent, now);
    }

    /// <summary>Decides what an event makes of a task. Pure: no clock, no lock, no side effect.</summary>
    /// <param name="record">The task as it stands.</param>
    /// <param name="change">What happens.</param>
    /// <param name="now">When.</param>
    /// <returns>The next status, or why there is none.</returns>
    public static LifecycleMove Apply(in TaskRecord record, in LifecycleEvent change, ClockReading now)
    {
        if (Fencing.IsLate(record.Status, change))
        {
            return Fencing.IsRepetition(record, change) ? LifecycleMove.Repeated : LifecycleMove.LeaseLost;
        }

        return (Phases.Of(record.Status), change.Kind) switch
        {
            (Phase.Scheduled, LifecycleEventKind.Due) => Placement.Due(record, now),

            (Phase.Blocked or Phase.Waiting, LifecycleEventKind.ParentCompleted) => Dependency.ParentCompleted(record, now),
            (Phase.Blocked or Phase.Waiting, LifecycleEventKind.ParentFailed) => Dependency.ParentFailed(record, change, now),

            (Phase.Queued, LifecycleEventKind.Claim) => AttemptStart.Claim(record, change, now),
            (Phase.Resuming, LifecycleEventKind.Claim) => AttemptStart.GoOn(record, change, now),

            (Phase.Scheduled or Phase.Blocked or Phase.Queued or Phase.Resuming, LifecycleEventKind.Pause) => Request.Hold(record, now),
            (Phase.Processing, LifecycleEventKind.Pause) => Request.AskToPause(record),
            (Phase.Waiting or Phase.Suspended, LifecycleEventKind.Pause) => LifecycleMove.Repeated,

            (Phase.Waiting, LifecycleEventKind.Resume) => Placement.Resume(record, now),
            (Phase.Suspended, LifecycleEventKind.Resume) => Request.LetGoOn(record, now),
            (Phase.Processing, LifecycleEventKind.Resume) => Request.TakeBackPause(record),
            (Phase.Scheduled or Phase.Blocked or Phase.Queued or Phase.Resuming, LifecycleEventKind.Resume) => Request.RepeatedIf(record, ReopeningRequest.Resume),

            (Phase.Scheduled or Phase.Blocked or Phase.Queued or Phase.Waiting, LifecycleEventKind.Cancel) => Request.CancelAtRest(record, now),
            (Phase.Suspended or Phase.Resuming, LifecycleEventKind.Cancel) => Request.WakeToCancel(record, now),
            (Phase.Processing, LifecycleEventKind.Cancel) => Request.AskToCancel(record),
            (Phase.Cancelled, LifecycleEventKind.Cancel) => LifecycleMove.Repeated,

            (Phase.Processing, LifecycleEventKind.CheckpointReached) => AttemptEnd.Suspend(record, now),
            (Phase.Suspended, LifecycleEventKind.CheckpointReached) => LifecycleMove.Repeated,
            (Phase.Processing or Phase.Suspended or Phase.Resuming, LifecycleEventKind.CheckpointSaved) => Request.KeepCheckpoint(record, change),
            (Phase.Processing, LifecycleEventKind.TimeoutElapsed) => AttemptEnd.FireTimeout(record),
            (Phase.Processing or Phase.Suspended or Phase.Resuming, LifecycleEventKind.Complete) => AttemptEnd.Complete(record, change, now),
            (Phase.Processing or Phase.Suspended or Phase.Resuming, LifecycleEventKind.Fail) => AttemptEnd.Fail(record, change, now),
            (Phase.Processing, LifecycleEventKind.Abandon) => AttemptEnd.Abandon(record, now),
            (Phase.Processing or Phase.Suspended or Phase.Resuming, LifecycleEventKind.Release) => AttemptEnd.Release(record, change, now),
            (Phase.Processing or Phase.Suspended or Phase.Resuming, LifecycleEventKind.LeaseExpired) => AttemptEnd.LoseLease(record, change, now),

            (Phase.Failed or Phase.TimedOut or Phase.Cancelled, LifecycleEventKind.Retry) => Placement.Retry(record, now),
            (Phase.Scheduled or Phase.Blocked or Phase.Queued, LifecycleEventKind.Retry) => Request.RepeatedIf(record, ReopeningRequest.Retry),

            (< Phase.Completed, LifecycleEventKind.Shutdown) => AttemptEnd.ShutDown(record, now),

            _ => LifecycleMove.Refused,
        };
    }
}
