namespace TaskManager.Tests.Proof.Model;

/// <summary>Holds a task against the model's, field by field.</summary>
internal static class Comparison
{
    public static void AssertSame(ModelTask expected, in TaskRecord actual, ClockReading now)
    {
        LifecycleStatus status = actual.Status;
        Same(expected, "state", expected.State, status.State);
        Same(expected, "version", expected.Version, status.Version);
        Same(expected, "attempt", expected.Attempt, status.Attempt);
        Same(expected, "suspended", expected.Suspended, status.IsSuspended);
        Same(expected, "cancel requested", expected.CancelRequested, status.CancelRequested);
        Same(expected, "pause requested", expected.PauseRequested, status.PauseRequested);
        Same(expected, "time-out fired", expected.TimeoutFired, status.TimeoutFired);
        Same(expected, "failures", expected.Failures, status.Failures);
        Same(expected, "rescues", expected.Rescues, status.Rescues);
        Same(expected, "retries", expected.Retries, status.Retries);
        Same(expected, "unfinished parents", expected.Awaits.Count, expected.IsFinal ? expected.Awaits.Count : status.UnfinishedParents); // an ended task hears of no more ends
        Same(expected, "created", expected.Created, actual.Definition.Created.Utc);
        Same(expected, "started", expected.Started, status.StartedAt);
        Same(expected, "finished", expected.Finished, status.FinishedAt);
        Same(expected, "lease", expected.Lease, status.Lease);
        Same(expected, "result", expected.Result, status.Result);
        Same(expected, "error", expected.ErrorCode, status.Error?.Code);
        Same(expected, "checkpoint", expected.Checkpoint, status.Checkpoint);
        Same(expected, "waited", expected.Waited, actual.Waited(now));
        Same(expected, "ran", expected.Ran, actual.Ran(now));
        Same(expected, "sequence", expected.Sequence, actual.Definition.Sequence);
        SameAttempts(expected, actual.Attempts());
    }

    public static void AssertSameProgress(ModelTask expected, in TaskRecord actual)
    {
        Same(expected, "progress", expected.ProgressStep, actual.Progress?.Step);
        Same(expected, "reports", expected.ProgressCount, actual.Progress?.Count ?? 0);
    }

    private static void SameAttempts(ModelTask expected, IReadOnlyList<TaskAttempt> actual)
    {
        Same(expected, "attempts", Math.Min(expected.Attempts.Count, TaskLifecycle.MaxHistory + 1), actual.Count);
        for (int i = 1; i <= actual.Count; i++)
        {
            ModelAttempt attempt = expected.Attempts[^i];
            Same(expected, "number", expected.Attempts.Count - i + 1, actual[^i].Number);
            Same(expected, "worker", attempt.Worker, actual[^i].Worker);
            Same(expected, "attempt started", attempt.Started, actual[^i].StartedAt);
            Same(expected, "attempt finished", attempt.Finished, actual[^i].FinishedAt);
            Same(expected, "outcome", attempt.Outcome, actual[^i].Outcome);
            Same(expected, "attempt error", attempt.ErrorCode, actual[^i].Error?.Code);
        }
    }

    private static void Same<T>(ModelTask task, string what, T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            Assert.Fail($"{task}: {what} should be {expected?.ToString() ?? "none"}, and is {actual?.ToString() ?? "none"}.");
        }
    }
}
