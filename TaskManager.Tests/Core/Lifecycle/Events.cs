namespace TaskManager.Tests.Core.Lifecycle;

/// <summary>One event of each kind, as the table means it: reports of the attempt given, retries and rescues left.</summary>
internal static class Events
{
    public const string Result = "result";
    public static readonly TaskLease NewLease = new("pool", "internal-9", new Guid("99999999-9999-9999-9999-999999999999"), TimeSpan.FromSeconds(190));
    public static readonly JsonPayload NewCheckpoint = new("[]"u8.ToArray(), Value: null);
    public static readonly TaskError NewError = new("worse", "It broke again.");
    public static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);
    public const int MaxRescues = 3;

    public static LifecycleEvent Of(LifecycleEventKind kind, int attempt, Guid token) => kind switch
    {
        LifecycleEventKind.Due => LifecycleEvent.Due(),
        LifecycleEventKind.ParentCompleted => LifecycleEvent.ParentCompleted(),
        LifecycleEventKind.ParentFailed => LifecycleEvent.ParentFailed(Situations.ParentError),
        LifecycleEventKind.Claim => LifecycleEvent.Claim(NewLease),
        LifecycleEventKind.Pause => LifecycleEvent.Pause(),
        LifecycleEventKind.Resume => LifecycleEvent.Resume(),
        LifecycleEventKind.Cancel => LifecycleEvent.Cancel(),
        LifecycleEventKind.Retry => LifecycleEvent.Retry(),
        LifecycleEventKind.CheckpointReached => LifecycleEvent.CheckpointReached(attempt, token),
        LifecycleEventKind.CheckpointSaved => LifecycleEvent.CheckpointSaved(attempt, NewCheckpoint, token),
        LifecycleEventKind.TimeoutElapsed => LifecycleEvent.TimeoutElapsed(attempt),
        LifecycleEventKind.Complete => LifecycleEvent.Complete(attempt, Result, token),
        LifecycleEventKind.Fail => LifecycleEvent.Fail(attempt, NewError, RetryDelay, token),
        LifecycleEventKind.Abandon => LifecycleEvent.Abandon(attempt),
        LifecycleEventKind.Release => LifecycleEvent.Release(attempt, NewCheckpoint, token),
        LifecycleEventKind.LeaseExpired => LifecycleEvent.LeaseExpired(attempt, MaxRescues),
        LifecycleEventKind.Shutdown => LifecycleEvent.Shutdown(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such event."),
    };
}
