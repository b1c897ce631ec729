namespace TaskManager.Lifecycle;

/// <summary>Tells reports of the current attempt from late ones. Tokens decide, not clocks.</summary>
internal static class Fencing
{
    public static bool IsLate(LifecycleStatus status, in LifecycleEvent change) =>
        ComesFromAnAttempt(change.Kind) && !(status.HasLiveAttempt && IsCurrent(status, change));

    /// <summary>Tells whether a late report only says again what was accepted from the very same attempt.</summary>
    public static bool IsRepetition(in TaskRecord record, in LifecycleEvent change) => change.Report is { Length: > 0 } report
        ? string.Equals(record.FindLease(change.LeaseToken)?.Report, report, StringComparison.Ordinal)
        : change.Kind == LifecycleEventKind.Complete
            && record.State == TaskState.Completed
            && IsCurrent(record.Status, change)
            && IsSame(record.Status.Payload, change.Data);

    private static bool IsSame(object? accepted, object? told) => accepted is JsonPayload first && told is JsonPayload second
        ? first.Utf8.Span.SequenceEqual(second.Utf8.Span)
        : ReferenceEquals(accepted, told); // no foreign code decides

    private static bool IsCurrent(LifecycleStatus status, in LifecycleEvent change) =>
        status.Attempt == change.Attempt && (status.Lease?.Token ?? Guid.Empty) == TokenOf(status, change);

    // The engine itself speaks for any attempt: it names the number alone.
    private static Guid TokenOf(LifecycleStatus status, in LifecycleEvent change) => change.Kind
        is LifecycleEventKind.TimeoutElapsed or LifecycleEventKind.Abandon or LifecycleEventKind.LeaseExpired
            ? status.Lease?.Token ?? Guid.Empty
            : change.LeaseToken;

    private static bool ComesFromAnAttempt(LifecycleEventKind kind) => kind
        is LifecycleEventKind.CheckpointReached
        or LifecycleEventKind.CheckpointSaved
        or LifecycleEventKind.TimeoutElapsed
        or LifecycleEventKind.Complete
        or LifecycleEventKind.Fail
        or LifecycleEventKind.Abandon
        or LifecycleEventKind.Release
        or LifecycleEventKind.LeaseExpired;
}
