using static TaskManager.Tests.Core.Definitions;

namespace TaskManager.Tests.Core.Lifecycle;

/// <summary>
/// Where a task may stand when something happens to it: every phase, with each flag that matters there. No field keeps its default if a rule could wrongly touch it:
/// created at 10 s, a leg begun at 100 s, and it is now 130 s.
/// </summary>
internal static class Situations
{
    public const int Version = 10;
    public const string Worker = "internal-1";
    public static readonly ClockReading Now = At(130);
    public static readonly Guid Token = new("11111111-1111-1111-1111-111111111111");
    public static readonly TaskLease Lease = new("pool", Worker, Token, TimeSpan.FromSeconds(160));
    public static readonly JsonPayload Checkpoint = new("{}"u8.ToArray(), Value: null);
    public static readonly TaskError Error = new("broken", "It broke.");
    public static readonly TaskError ParentError = new("dependency_failed", "A parent failed.");
    public static readonly TaskAttempt First = new(1, "internal-3", At(20).Utc, At(25).Utc, AttemptOutcome.Failed, Error);
    public static readonly TaskAttempt Second = new(2, "internal-2", At(30).Utc, At(35).Utc, AttemptOutcome.LeaseExpired, Error);

    public static readonly TaskDefinition Definition = Task(new SubmitOptions { MaxAttempts = 5, Timeout = TimeSpan.FromSeconds(90) }, createdAt: 10);

    private static readonly LifecycleStatus NeverClaimed = new()
    {
        Version = Version,
        LegStartTicks = At(100).Elapsed.Ticks,
        WaitedBefore = TimeSpan.FromSeconds(7),
    };

    private static readonly LifecycleStatus BetweenAttempts = NeverClaimed with
    {
        Attempt = 2,
        Failures = 1,
        Rescues = 1,
        Lease = Lease,
        EarlierAttempts = [First, Second],
        DueAt = TimeSpan.FromSeconds(90),
        Payload = Checkpoint,
        StartedUtcTicks = At(30).Utc.UtcTicks,
        RanBefore = TimeSpan.FromSeconds(11),
    };

    private static readonly LifecycleStatus Live = BetweenAttempts with
    {
        State = TaskState.Processing,
        Attempt = 3,
        StartedUtcTicks = At(40).Utc.UtcTicks,
    };

    private static readonly LifecycleStatus Ended = Live with { FinishedUtcTicks = At(120).Utc.UtcTicks };

    private static readonly Dictionary<string, LifecycleStatus> All = new()
    {
        ["scheduled"] = BetweenAttempts with { State = TaskState.Scheduled, DueAt = Now.Elapsed + TimeSpan.FromTicks(1) },
        ["scheduled:due"] = BetweenAttempts with { State = TaskState.Scheduled, DueAt = Now.Elapsed },
        ["scheduled:resumed"] = BetweenAttempts with { State = TaskState.Scheduled, DueAt = At(200).Elapsed, ReopenedBy = ReopeningRequest.Resume },
        ["scheduled:retried"] = BetweenAttempts with { State = TaskState.Scheduled, DueAt = At(200).Elapsed, ReopenedBy = ReopeningRequest.Retry },
        ["blocked"] = NeverClaimed with { State = TaskState.Blocked, UnfinishedParents = 1 },
        ["blocked:two"] = NeverClaimed with { State = TaskState.Blocked, UnfinishedParents = 2 },
        ["blocked:resumed"] = NeverClaimed with { State = TaskState.Blocked, UnfinishedParents = 1, ReopenedBy = ReopeningRequest.Resume },
        ["blocked:retried"] = NeverClaimed with { State = TaskState.Blocked, UnfinishedParents = 1, ReopenedBy = ReopeningRequest.Retry },
        ["queued"] = BetweenAttempts with { State = TaskState.Queued },
        ["queued:resumed"] = BetweenAttempts with { State = TaskState.Queued, ReopenedBy = ReopeningRequest.Resume },
        ["queued:retried"] = BetweenAttempts with { State = TaskState.Queued, ReopenedBy = ReopeningRequest.Retry },
        ["resuming"] = Live with { State = TaskState.Queued, IsSuspended = true, ReopenedBy = ReopeningRequest.Resume },
        ["processing"] = Live,
        ["processing:resumed"] = Live with { ReopenedBy = ReopeningRequest.Resume },
        ["processing:p"] = Live with { PauseRequested = true },
        ["processing:c"] = Live with { CancelRequested = true },
        ["processing:t"] = Live with { TimeoutFired = true },
        ["processing:pc"] = Live with { PauseRequested = true, CancelRequested = true },
        ["processing:pt"] = Live with { PauseRequested = true, TimeoutFired = true },
        ["processing:ct"] = Live with { CancelRequested = true, TimeoutFired = true },
        ["processing:pct"] = Live with { PauseRequested = true, CancelRequested = true, TimeoutFired = true },
        ["waiting"] = BetweenAttempts with { State = TaskState.Paused },
        ["waiting:not-due"] = BetweenAttempts with { State = TaskState.Paused, DueAt = At(200).Elapsed },
        ["waiting:parent"] = NeverClaimed with { State = TaskState.Paused, UnfinishedParents = 1 },
        ["suspended"] = Live with { State = TaskState.Paused, IsSuspended = true },
        ["completed"] = Ended with { State = TaskState.Completed, LastOutcome = AttemptOutcome.Completed, Payload = "result" },
        ["failed"] = Ended with { State = TaskState.Failed, LastOutcome = AttemptOutcome.Failed, Failures = 5, Payload = Error },
        ["failed:expired"] = Ended with { State = TaskState.Failed, LastOutcome = AttemptOutcome.LeaseExpired, Rescues = 3, Payload = Error },
        ["timed_out"] = Ended with { State = TaskState.TimedOut, LastOutcome = AttemptOutcome.TimedOut, TimeoutFired = true, Payload = Error },
        ["cancelled"] = Ended with { State = TaskState.Cancelled, LastOutcome = AttemptOutcome.Cancelled, CancelRequested = true, Payload = null },
        ["cancelled:parent"] = NeverClaimed with
        {
            State = TaskState.Cancelled, UnfinishedParents = 2, Payload = ParentError, FinishedUtcTicks = At(120).Utc.UtcTicks,
        },
    };

    public static IReadOnlyCollection<string> Names => All.Keys;

    public static LifecycleStatus Of(string name) => All[name];
}
