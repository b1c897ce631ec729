namespace TaskManager;

/// <summary>What happens to a task. Made by one of the methods of this type; decided by <see cref="TaskLifecycle.Apply"/>.</summary>
public readonly record struct LifecycleEvent
{
    private LifecycleEvent(LifecycleEventKind kind) => Kind = kind;

    /// <summary>Gets what happens.</summary>
    public LifecycleEventKind Kind { get; }

    /// <summary>Gets the attempt that reports; checked against the task's own, so that a late one changes nothing.</summary>
    internal int Attempt { get; private init; }

    internal Guid LeaseToken { get; private init; }

    /// <summary>Gets the result, the error, the checkpoint or the new lease.</summary>
    internal object? Data { get; private init; }

    /// <summary>Gets the back-off before the next attempt; <see langword="null"/> when there shall be none.</summary>
    internal TimeSpan? RetryDelay { get; private init; }

    /// <summary>Gets the fingerprint of a report over the wire, by which its repetition is known.</summary>
    internal string? Report { get; private init; }

    /// <summary>Gets how many rescues the task may use.</summary>
    internal int MaxRescues { get; private init; }

    /// <summary>The delay, the moment to run at or the back-off has passed.</summary>
    /// <returns>The event.</returns>
    public static LifecycleEvent Due() => new(LifecycleEventKind.Due);

    /// <summary>A task that this one depends on completed.</summary>
    /// <returns>The event.</returns>
    public static LifecycleEvent ParentCompleted() => new(LifecycleEventKind.ParentCompleted);

    /// <summary>A task that this one depends on ended without completing.</summary>
    /// <param name="error">Names it.</param>
    /// <returns>The event.</returns>
    public static LifecycleEvent ParentFailed(TaskError error) => new(LifecycleEventKind.ParentFailed) { Data = error };

    /// <summary>A slot is free and the task's turn has come.</summary>
    /// <param name="lease">Who takes it.</param>
    /// <returns>The event.</returns>
    public static LifecycleEvent Claim(TaskLease lease) => new(LifecycleEventKind.Claim) { Data = lease };

    /// <summary>Somebody asks to hold the task.</summary>
    /// <returns>The event.</returns>
    public static LifecycleEvent Pause() => new(LifecycleEventKind.Pause);

    /// <summary>Somebody asks to let a held task go on.</summary>
    /// <returns>The event.</returns>
    public static LifecycleEvent Resume() => new(LifecycleEventKind.Resume);

    /// <summary>Somebody asks to end the task.</summary>
    /// <returns>The event.</returns>
    public static LifecycleEvent Cancel() => new(LifecycleEventKind.Cancel);

    /// <summary>Somebody asks to run an ended task again.</summary>
    /// <returns>The event.</returns>
    public static LifecycleEvent Retry() => new(LifecycleEventKind.Retry);

    /// <summary>The attempt stands at a checkpoint.</summary>
    /// <param name="attempt">Its number.</param>
    /// <param name="leaseToken">What its worker shows; nothing in process.</param>
    /// <returns>The event.</returns>
    public static LifecycleEvent CheckpointReached(int attempt, Guid leaseToken = default) =>
        new(LifecycleEventKind.CheckpointReached) { Attempt = attempt, LeaseToken = leaseToken };

    /// <summary>The worker hands in what the next attempt shall begin with, should this one not end well.</summary>
    /// <param name="attempt">Its number.</param>
    /// <param name="checkpoint">Any JSON.</param>
    /// <param name="leaseToken">What the worker shows.</param>
    /// <returns>The event.</returns>
    public static LifecycleEvent CheckpointSaved(int attempt, JsonPayload checkpoint, Guid leaseToken) =>
        new(LifecycleEventKind.CheckpointSaved) { Attempt = attempt, Data = checkpoint, LeaseToken = leaseToken };

    /// <summary>The attempt has run for as long as it may.</summary>
    /// <param name="attempt">Its number.</param>
    /// <returns>The event.</returns>
    public static LifecycleEvent TimeoutElapsed(int attempt) => new(LifecycleEventKind.TimeoutElapsed) { Attempt = attempt };

    /// <summary>The attempt did its work.</summary>
    /// <param name="attempt">Its number.</param>
    /// <param name="result">The value, or a <see cref="JsonPayload"/>.</param>
    /// <param name="leaseToken">What its worker shows; nothing in process.</param>
    /// <param name="report">The fingerprint of the report, by which its repetition is known; nothing in process.</param>
    /// <returns>The event.</returns>
    public static LifecycleEvent Complete(int attempt, object? result, Guid leaseToken = default, string? report = null) =>
        new(LifecycleEventKind.Complete) { Attempt = attempt, Data = result, LeaseToken = leaseToken, Report = report };

    /// <summary>The attempt ended without doing its work: it threw, or stopped on request.</summary>
    /// <param name="attempt">Its number.</param>
    /// <param name="error">Why; <see langword="null"/> when it only stopped on request.</param>
    /// <param name="retryDelay">The delay before another attempt; <see langword="null"/> when there shall be none.</param>
    /// <param name="leaseToken">What its worker shows; nothing in process.</param>
    /// <param name="report">The fingerprint of the report, by which its repetition is known; nothing in process.</param>
    /// <returns>The event.</returns>
    public static LifecycleEvent Fail(int attempt, TaskError? error, TimeSpan? retryDelay, Guid leaseToken = default, string? report = null) =>
        new(LifecycleEventKind.Fail) { Attempt = attempt, Data = error, RetryDelay = retryDelay, LeaseToken = leaseToken, Report = report };

    /// <summary>The attempt ignored its token for too long.</summary>
    /// <param name="attempt">Its number.</param>
    /// <returns>The event.</returns>
    public static LifecycleEvent Abandon(int attempt) => new(LifecycleEventKind.Abandon) { Attempt = attempt };

    /// <summary>The worker gives the task back.</summary>
    /// <param name="attempt">The attempt's number.</param>
    /// <param name="checkpoint">What the next claim shall be handed.</param>
    /// <param name="leaseToken">What the worker shows; nothing in process.</param>
    /// <param name="report">The fingerprint of the report, by which its repetition is known; nothing in process.</param>
    /// <param name="retryDelay">The delay before another attempt, should this one have timed out; <see langword="null"/> when there shall be none.</param>
    /// <returns>The event.</returns>
    public static LifecycleEvent Release(int attempt, JsonPayload? checkpoint, Guid leaseToken = default, string? report = null, TimeSpan? retryDelay = null) =>
        new(LifecycleEventKind.Release) { Attempt = attempt, Data = checkpoint, LeaseToken = leaseToken, Report = report, RetryDelay = retryDelay };

    /// <summary>The worker fell silent for longer than its lease, or was replaced by a newer incarnation.</summary>
    /// <param name="attempt">The attempt's number.</param>
    /// <param name="maxRescues">How often the task may be rescued before it fails.</param>
    /// <returns>The event.</returns>
    public static LifecycleEvent LeaseExpired(int attempt, int maxRescues) =>
        new(LifecycleEventKind.LeaseExpired) { Attempt = attempt, MaxRescues = maxRescues };

    /// <summary>The process ends, and what it holds in memory with it.</summary>
    /// <returns>The event.</returns>
    public static LifecycleEvent Shutdown() => new(LifecycleEventKind.Shutdown);
}
