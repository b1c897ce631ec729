using static TaskManager.Tests.Proof.Model.ModelPlaces;

namespace TaskManager.Tests.Proof.Model;

/// <summary>Who reports: an attempt's number and the token of its lease; the engine itself shows no token.</summary>
internal readonly record struct Reporter(int Attempt, Guid? Token);

/// <summary>The rules of an attempt. Written from docs/lifecycle.md, not from the code.</summary>
internal static class ModelAttempts
{
    public static LifecycleVerdict Claim(ModelTask task, TaskLease lease, ClockReading now)
    {
        if (task.State != TaskState.Queued)
        {
            return LifecycleVerdict.Refused;
        }

        task.State = TaskState.Processing;
        task.Lease = lease;
        task.HoldsSlot = true;
        task.Reopened = ReopeningRequest.None;
        if (task.Suspended)
        {
            task.Suspended = false; // the same attempt goes on, maybe in another slot
            task.Live.Worker = lease.Worker;
            return Changed(task);
        }

        task.Started = Latest(now.Utc, LastMoment(task));
        task.Attempts.Add(new ModelAttempt { Worker = lease.Worker, Started = task.Started.Value });
        task.Ran = TimeSpan.Zero;
        return Changed(task);
    }

    public static LifecycleVerdict Checkpoint(ModelTask task, Reporter reporter)
    {
        if (IsLate(task, reporter))
        {
            return LifecycleVerdict.LeaseLost;
        }

        if (task is { State: TaskState.Paused })
        {
            return LifecycleVerdict.Repeated;
        }

        if (task.State != TaskState.Processing || !task.PauseRequested || task.CancelRequested || task.TimeoutFired)
        {
            return LifecycleVerdict.Refused;
        }

        task.State = TaskState.Paused;
        task.Suspended = true;
        task.PauseRequested = false;
        task.HoldsSlot = false;
        task.Reopened = ReopeningRequest.None;
        return Changed(task);
    }

    public static LifecycleVerdict FireTimeout(ModelTask task, Reporter reporter)
    {
        if (IsLate(task, reporter))
        {
            return LifecycleVerdict.LeaseLost;
        }

        if (task.State != TaskState.Processing)
        {
            return LifecycleVerdict.Refused; // paused time does not count
        }

        if (task.TimeoutFired)
        {
            return LifecycleVerdict.Repeated;
        }

        task.TimeoutFired = true;
        return Changed(task);
    }

    public static LifecycleVerdict Complete(ModelTask task, Reporter reporter, object? result, ClockReading now)
    {
        if (task.State == TaskState.Completed && reporter.Attempt == task.Attempt && reporter.Token == task.Lease!.Token && IsSame(task.Result, result))
        {
            return LifecycleVerdict.Repeated;
        }

        if (IsLate(task, reporter))
        {
            return LifecycleVerdict.LeaseLost;
        }

        task.Result = result; // done work wins over a late cancel or time-out
        return End(task, TaskState.Completed, errorCode: null, now, AttemptOutcome.Completed);
    }

    /// <summary>Only what says the very same again is a repetition.</summary>
    private static bool IsSame(object? accepted, object? told) => accepted is JsonPayload first && told is JsonPayload second
        ? first.Utf8.Span.SequenceEqual(second.Utf8.Span)
        : ReferenceEquals(accepted, told);

    public static LifecycleVerdict Fail(ModelTask task, Reporter reporter, string? errorCode, TimeSpan? retryAfter, ClockReading now)
    {
        if (IsLate(task, reporter))
        {
            return LifecycleVerdict.LeaseLost;
        }

        if (task.CancelRequested)
        {
            return End(task, TaskState.Cancelled, errorCode, now, AttemptOutcome.Cancelled); // the error is kept
        }

        return StopUnfinished(task, errorCode, retryAfter, now);
    }

    /// <summary>The attempt is over and the work is not done: another one follows, or the task ends.</summary>
    private static LifecycleVerdict StopUnfinished(ModelTask task, string? errorCode, TimeSpan? retryAfter, ClockReading now)
    {
        bool timedOut = task.TimeoutFired;
        AttemptOutcome outcome = timedOut ? AttemptOutcome.TimedOut : AttemptOutcome.Failed;
        string code = timedOut ? TaskErrorCodes.TimedOut : errorCode ?? TaskErrorCodes.HandlerFailed;
        bool isRetryable = retryAfter is not null && (!timedOut || task.Type.Type.RetryOnTimeout);
        int granted = task.Retries > 0 ? 1 : task.Options.MaxAttempts ?? task.Type.Type.MaxAttempts;
        task.Failures++;
        if (!isRetryable || task.Failures >= granted)
        {
            return End(task, timedOut ? TaskState.TimedOut : TaskState.Failed, code, now, outcome);
        }

        EndAttempt(task, outcome, code, Latest(now.Utc, task.Started!.Value));
        task.DueAt = now.Elapsed + retryAfter!.Value;
        return HoldOrPlace(task, IsHeld(task), now);
    }

    public static LifecycleVerdict Abandon(ModelTask task, Reporter reporter, ClockReading now)
    {
        if (IsLate(task, reporter))
        {
            return LifecycleVerdict.LeaseLost;
        }

        if (task.State != TaskState.Processing || (!task.CancelRequested && !task.TimeoutFired))
        {
            return LifecycleVerdict.Refused;
        }

        if (task.CancelRequested)
        {
            return End(task, TaskState.Cancelled, TaskErrorCodes.Abandoned, now, AttemptOutcome.Cancelled);
        }

        task.Failures++;
        return End(task, TaskState.TimedOut, TaskErrorCodes.Abandoned, now, AttemptOutcome.TimedOut);
    }

    public static LifecycleVerdict Release(ModelTask task, Reporter reporter, JsonPayload? checkpoint, TimeSpan? retryAfter, ClockReading now)
    {
        if (IsLate(task, reporter))
        {
            return LifecycleVerdict.LeaseLost;
        }

        if (task.CancelRequested)
        {
            return End(task, TaskState.Cancelled, errorCode: null, now, AttemptOutcome.Cancelled);
        }

        if (task.TimeoutFired)
        {
            task.Checkpoint = checkpoint ?? task.Checkpoint;
            return StopUnfinished(task, errorCode: null, retryAfter, now); // what was told to stop has not been given back in time
        }

        EndAttempt(task, AttemptOutcome.Released, errorCode: null, Latest(now.Utc, task.Started!.Value));
        task.Checkpoint = checkpoint ?? task.Checkpoint;
        return HoldOrPlace(task, IsHeld(task), now);
    }

    public static LifecycleVerdict ExpireLease(ModelTask task, Reporter reporter, int maxRescues, ClockReading now)
    {
        if (IsLate(task, reporter))
        {
            return LifecycleVerdict.LeaseLost;
        }

        if (task.CancelRequested)
        {
            return End(task, TaskState.Cancelled, TaskErrorCodes.LeaseExpired, now, AttemptOutcome.LeaseExpired);
        }

        if (task.Rescues >= maxRescues)
        {
            return End(task, TaskState.Failed, TaskErrorCodes.LeaseExpired, now, AttemptOutcome.LeaseExpired);
        }

        task.Rescues++;
        EndAttempt(task, AttemptOutcome.LeaseExpired, TaskErrorCodes.LeaseExpired, Latest(now.Utc, task.Started!.Value));
        return HoldOrPlace(task, IsHeld(task), now);
    }

    public static LifecycleVerdict ShutDown(ModelTask task, ClockReading now) =>
        task.IsFinal ? LifecycleVerdict.Refused : End(task, TaskState.Failed, TaskErrorCodes.Shutdown, now, AttemptOutcome.Failed);

    /// <summary>Whether a pause was asked, or the attempt stood in one.</summary>
    private static bool IsHeld(ModelTask task) => task.PauseRequested || task.State == TaskState.Paused;

    /// <summary>A task whose attempt ended without it: held if that was asked, else placed.</summary>
    private static LifecycleVerdict HoldOrPlace(ModelTask task, bool isHeld, ClockReading now)
    {
        task.TimeoutFired = false;
        task.PauseRequested = false;
        if (isHeld)
        {
            task.State = TaskState.Paused;
        }
        else
        {
            Place(task, now);
        }

        return Changed(task);
    }

    private static bool IsLate(ModelTask task, Reporter reporter) =>
        !task.HasLiveAttempt || reporter.Attempt != task.Attempt || (reporter.Token is { } token && token != task.Lease!.Token);
}
