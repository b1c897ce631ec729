using static TaskManager.Tests.Proof.Model.ModelPlaces;

namespace TaskManager.Tests.Proof.Model;

/// <summary>The rules of what people ask of a task. Written from docs/lifecycle.md, not from the code.</summary>
internal static class ModelRequests
{
    public static LifecycleVerdict Pause(ModelTask task)
    {
        if (task.IsFinal)
        {
            return LifecycleVerdict.Refused;
        }

        if (task.State == TaskState.Paused || (task.State == TaskState.Processing && task.PauseRequested))
        {
            return LifecycleVerdict.Repeated;
        }

        task.Reopened = ReopeningRequest.None;
        if (task.State == TaskState.Processing)
        {
            task.PauseRequested = true;
        }
        else
        {
            task.State = TaskState.Paused;
        }

        return Changed(task);
    }

    public static LifecycleVerdict Resume(ModelTask task, ClockReading now)
    {
        bool isHeld = task.State == TaskState.Paused || (task.State == TaskState.Processing && task.PauseRequested);
        if (!isHeld)
        {
            return !task.IsFinal && task.Reopened == ReopeningRequest.Resume ? LifecycleVerdict.Repeated : LifecycleVerdict.Refused;
        }

        task.Reopened = ReopeningRequest.Resume;
        if (task.State == TaskState.Processing)
        {
            task.PauseRequested = false;
        }
        else if (task.Suspended)
        {
            task.State = TaskState.Queued; // resuming
        }
        else
        {
            Place(task, now);
        }

        return Changed(task);
    }

    public static LifecycleVerdict Cancel(ModelTask task, ClockReading now)
    {
        if (task.State == TaskState.Cancelled || (task.State == TaskState.Processing && task.CancelRequested))
        {
            return LifecycleVerdict.Repeated;
        }

        if (task.IsFinal)
        {
            return LifecycleVerdict.Refused;
        }

        if (!task.HasLiveAttempt)
        {
            return End(task, TaskState.Cancelled, errorCode: null, now);
        }

        if (task.Suspended)
        {
            task.State = TaskState.Processing; // outside the slots, so that it cleans up
            task.Suspended = false;
            task.Reopened = ReopeningRequest.None;
        }

        task.CancelRequested = true;
        return Changed(task);
    }

    public static LifecycleVerdict Retry(ModelTask task, ClockReading now)
    {
        if (task.State is TaskState.Scheduled or TaskState.Blocked || (task.State == TaskState.Queued && !task.Suspended))
        {
            return task.Reopened == ReopeningRequest.Retry ? LifecycleVerdict.Repeated : LifecycleVerdict.Refused;
        }

        if (task.State is not (TaskState.Failed or TaskState.TimedOut or TaskState.Cancelled))
        {
            return LifecycleVerdict.Refused;
        }

        task.Result = null;
        task.ErrorCode = null;
        task.Finished = null;
        task.CancelRequested = false;
        task.TimeoutFired = false;
        task.Failures = 0;
        task.Rescues = 0;
        task.Retries++;
        task.ProgressStep = null;
        task.ProgressCount = 0;
        task.Waited = TimeSpan.Zero;
        task.Ran = TimeSpan.Zero;
        task.Reopened = ReopeningRequest.Retry;
        task.Awaits.Clear();
        task.DueAt = task.DueAtAdmission; // no back-off of the life before
        Place(task, now);
        return Changed(task);
    }
}
