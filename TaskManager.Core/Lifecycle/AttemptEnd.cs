namespace TaskManager.Lifecycle;

/// <summary>What becomes of a task when its live attempt stops, for good or at a checkpoint.</summary>
internal static class AttemptEnd
{
    public static LifecycleMove Suspend(in TaskRecord record, ClockReading now)
    {
        LifecycleStatus before = record.Status;
        if (!before.PauseRequested || before.CancelRequested || before.TimeoutFired)
        {
            return LifecycleMove.Refused;
        }

        return LifecycleMove.To(before with
        {
            State = TaskState.Paused,
            Version = before.Version + 1,
            PauseRequested = false,
            IsSuspended = true,
            ReopenedBy = ReopeningRequest.None,
            RanBefore = record.Ran(now),
        });
    }

    public static LifecycleMove FireTimeout(in TaskRecord record) => record.Status.TimeoutFired
        ? LifecycleMove.Repeated
        : LifecycleMove.To(record.Status with { Version = record.Status.Version + 1, TimeoutFired = true });

    /// <summary>Done work wins over a late cancel or time-out, and over a pause: one flow of the attempt may stand while another ends it.</summary>
    public static LifecycleMove Complete(in TaskRecord record, in LifecycleEvent change, ClockReading now) =>
        LifecycleMove.To(Ending.OfAttempt(record, TaskState.Completed, AttemptOutcome.Completed, change.Data, now, change.Report));

    public static LifecycleMove Fail(in TaskRecord record, in LifecycleEvent change, ClockReading now)
    {
        var error = (TaskError?)change.Data;
        return record.Status.CancelRequested
            ? LifecycleMove.To(Ending.OfAttempt(record, TaskState.Cancelled, AttemptOutcome.Cancelled, error, now, change.Report))
            : StopUnfinished(record, error, change, now);
    }

    /// <summary>The attempt is over and the work is not done: another one follows, or the task fails or has timed out.</summary>
    private static LifecycleMove StopUnfinished(in TaskRecord record, TaskError? error, in LifecycleEvent change, ClockReading now)
    {
        LifecycleStatus before = record.Status;
        bool timedOut = before.TimeoutFired;
        AttemptOutcome outcome = timedOut ? AttemptOutcome.TimedOut : AttemptOutcome.Failed;
        TaskError kept = timedOut ? Errors.TimedOut(record.Definition) : error ?? Errors.Stopped;
        bool mayRetry = change.RetryDelay is not null && (!timedOut || record.Definition.Type.RetryOnTimeout);
        int budget = before.Retries > 0 ? 1 : record.Definition.MaxAttempts; // a retry by hand grants one further attempt
        if (!mayRetry || before.Failures + 1 >= budget)
        {
            LifecycleStatus ended = Ending.OfAttempt(record, timedOut ? TaskState.TimedOut : TaskState.Failed, outcome, kept, now, change.Report);
            return LifecycleMove.To(ended with { Failures = before.Failures + 1 });
        }

        LifecycleStatus between = BetweenAttempts(record, outcome, kept, now, change.Report) with
        {
            Failures = before.Failures + 1,
            DueAt = Later(now.Elapsed, change.RetryDelay!.Value),
            Payload = change.Data as JsonPayload ?? before.Payload, // a checkpoint, if it was given back with one
        };
        return LifecycleMove.To(PausedOrPlaced(record, between, now));
    }

    public static LifecycleMove Abandon(in TaskRecord record, ClockReading now)
    {
        LifecycleStatus before = record.Status;
        return before switch
        {
            { CancelRequested: true } =>
                LifecycleMove.To(Ending.OfAttempt(record, TaskState.Cancelled, AttemptOutcome.Cancelled, Errors.Abandoned, now)),
            { TimeoutFired: true } => LifecycleMove.To(
                Ending.OfAttempt(record, TaskState.TimedOut, AttemptOutcome.TimedOut, Errors.Abandoned, now) with { Failures = before.Failures + 1 }),
            _ => LifecycleMove.Refused,
        };
    }

    public static LifecycleMove Release(in TaskRecord record, in LifecycleEvent change, ClockReading now)
    {
        LifecycleStatus before = record.Status;
        if (before.CancelRequested)
        {
            return LifecycleMove.To(Ending.OfAttempt(record, TaskState.Cancelled, AttemptOutcome.Cancelled, payload: null, now, change.Report));
        }

        if (before.TimeoutFired)
        {
            return StopUnfinished(record, error: null, change, now); // told to stop, it stopped: as often as it is given back, it would time out again
        }

        LifecycleStatus between = BetweenAttempts(record, AttemptOutcome.Released, error: null, now, change.Report) with { Payload = change.Data ?? before.Payload };
        return LifecycleMove.To(PausedOrPlaced(record, between, now));
    }

    public static LifecycleMove LoseLease(in TaskRecord record, in LifecycleEvent change, ClockReading now)
    {
        LifecycleStatus before = record.Status;
        if (before.CancelRequested)
        {
            return LifecycleMove.To(Ending.OfAttempt(record, TaskState.Cancelled, AttemptOutcome.LeaseExpired, Errors.LeaseExpired, now));
        }

        if (before.Rescues >= change.MaxRescues)
        {
            return LifecycleMove.To(Ending.OfAttempt(record, TaskState.Failed, AttemptOutcome.LeaseExpired, Errors.LeaseExpired, now));
        }

        LifecycleStatus between = BetweenAttempts(record, AttemptOutcome.LeaseExpired, Errors.LeaseExpired, now) with { Rescues = before.Rescues + 1 };
        return LifecycleMove.To(PausedOrPlaced(record, between, now));
    }

    public static LifecycleMove ShutDown(in TaskRecord record, ClockReading now) => LifecycleMove.To(record.Status.HasLiveAttempt
        ? Ending.OfAttempt(record, TaskState.Failed, AttemptOutcome.Failed, Errors.Shutdown, now)
        : Ending.AtRest(record, TaskState.Failed, Errors.Shutdown, now));

    /// <summary>The attempt goes into the history, and the task is free of it.</summary>
    private static LifecycleStatus BetweenAttempts(in TaskRecord record, AttemptOutcome outcome, TaskError? error, ClockReading now, string? report = null)
    {
        LifecycleStatus before = record.Status;
        TaskLease? lease = Ending.Reported(before.Lease, report);
        var ended = new TaskAttempt(
            before.Attempt,
            before.Lease!.Worker,
            before.StartedAt!.Value,
            new DateTimeOffset(Ending.NotBefore(before.StartedUtcTicks, now), TimeSpan.Zero),
            outcome,
            error)
        {
            Lease = lease,
        };
        return before with
        {
            Lease = lease,
            EarlierAttempts = History.With(before.EarlierAttempts, ended),
            TimeoutFired = false,
            RanBefore = record.Ran(now),
            WaitedBefore = record.Waited(now),
        };
    }

    /// <summary>A pause that was asked, or that a suspended attempt stood in, holds the task; otherwise it is placed.</summary>
    private static LifecycleStatus PausedOrPlaced(in TaskRecord record, LifecycleStatus between, ClockReading now)
    {
        bool held = record.Status.PauseRequested || record.Status.State == TaskState.Paused;
        LifecycleStatus placed = Placement.Placed(record, between with { PauseRequested = false }, now);
        return held ? placed with { State = TaskState.Paused } : placed;
    }

    private static TimeSpan Later(TimeSpan now, TimeSpan delay) => delay > TimeSpan.MaxValue - now ? TimeSpan.MaxValue : now + delay;
}
