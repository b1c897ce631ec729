using static TaskManager.Tests.Core.Definitions;
using static TaskManager.Tests.Core.Lifecycle.Situations;

namespace TaskManager.Tests.Core.Lifecycle;

/// <summary>What each word of the <see cref="TransitionTable"/> makes of a status, field by field. What is not named stays as it was.</summary>
internal static class Effects
{
    private static readonly TaskError Abandoned = new("abandoned", "The handler ignored its cancellation token and was abandoned; its code may still be running.");
    private static readonly TaskError Expired = new("lease_expired", "The worker fell silent for longer than its lease, or was started anew.");
    private static readonly TaskError ShutDown = new("shutdown", "The process shut down before the task had ended.");
    private static readonly TaskError TimedOut = new("timed_out", "The attempt did not finish within 90 s.");

    private static readonly Dictionary<string, Func<LifecycleStatus, LifecycleStatus>> Words = new()
    {
        // Of time, parents, slots and people.
        ["queued"] = before => Placed(before, TaskState.Queued),
        ["freed"] = before => Placed(before, TaskState.Queued) with { UnfinishedParents = 0 },
        ["fewer"] = before => Placed(before, TaskState.Blocked) with { UnfinishedParents = 1 },
        ["noted"] = before => before with { UnfinishedParents = 0 },
        ["orphaned"] = before => AtRest(before, TaskState.Cancelled, ParentError),
        ["claimed"] = before => GoingOn(before) with
        {
            Attempt = 3, Lease = Events.NewLease, StartedUtcTicks = Now.Utc.UtcTicks, RanBefore = TimeSpan.Zero,
        },
        ["goes-on"] = before => GoingOn(before) with { IsSuspended = false, Lease = Events.NewLease },
        ["held"] = before => before with { State = TaskState.Paused, ReopenedBy = ReopeningRequest.None },
        ["pause-asked"] = before => before with { PauseRequested = true, ReopenedBy = ReopeningRequest.None },
        ["pause-dropped"] = before => before with { PauseRequested = false, ReopenedBy = ReopeningRequest.Resume },
        ["resumed"] = before => Placed(before, TaskState.Queued) with { ReopenedBy = ReopeningRequest.Resume },
        ["resumed-not-due"] = before => Placed(before, TaskState.Scheduled) with { ReopenedBy = ReopeningRequest.Resume },
        ["resumed-blocked"] = before => Placed(before, TaskState.Blocked) with { ReopenedBy = ReopeningRequest.Resume },
        ["let-go-on"] = before => before with { State = TaskState.Queued, ReopenedBy = ReopeningRequest.Resume, LegStartTicks = Now.Elapsed.Ticks },
        ["cancelled"] = before => AtRest(before, TaskState.Cancelled, error: null),
        ["cancel-asked"] = before => before with { CancelRequested = true },
        ["woken"] = before => GoingOn(before) with { IsSuspended = false, CancelRequested = true },
        ["reopened"] = before => Reopened(before) with
        {
            EarlierAttempts = [First, Second, new(3, Worker, At(40).Utc, At(120).Utc, before.LastOutcome, (TaskError?)before.Payload) { Lease = before.Lease }],
        },
        ["reopened-untried"] = Reopened,

        // Of attempts.
        ["suspended"] = before => before with { State = TaskState.Paused, PauseRequested = false, IsSuspended = true, ReopenedBy = ReopeningRequest.None },
        ["kept"] = before => before with { Payload = Events.NewCheckpoint },
        ["fired"] = before => before with { TimeoutFired = true },
        ["completed"] = before => Ended(before, TaskState.Completed, AttemptOutcome.Completed, Events.Result),
        ["again"] = before => Again(before, TaskState.Scheduled),
        ["again-held"] = before => Again(before, TaskState.Paused),
        ["timed-out"] = before => Ended(before, TaskState.TimedOut, AttemptOutcome.TimedOut, TimedOut) with { Failures = 2 },
        ["timed-out-abandoned"] = before => Ended(before, TaskState.TimedOut, AttemptOutcome.TimedOut, Abandoned) with { Failures = 2 },
        ["cancelled-failed"] = before => Ended(before, TaskState.Cancelled, AttemptOutcome.Cancelled, Events.NewError),
        ["cancelled-abandoned"] = before => Ended(before, TaskState.Cancelled, AttemptOutcome.Cancelled, Abandoned),
        ["cancelled-released"] = before => Ended(before, TaskState.Cancelled, AttemptOutcome.Cancelled, payload: null),
        ["cancelled-expired"] = before => Ended(before, TaskState.Cancelled, AttemptOutcome.LeaseExpired, Expired),
        ["released"] = before => Released(before, TaskState.Queued),
        ["released-held"] = before => Released(before, TaskState.Paused),
        ["rescued"] = before => Rescued(before, TaskState.Queued),
        ["rescued-held"] = before => Rescued(before, TaskState.Paused),
        ["lost"] = before => AtRest(before, TaskState.Failed, ShutDown),
        ["cut-off"] = before => Ended(before, TaskState.Failed, AttemptOutcome.Failed, ShutDown),
    };

    public static LifecycleVerdict Verdict(string cell) => cell switch
    {
        "." => LifecycleVerdict.Refused,
        "=" => LifecycleVerdict.Repeated,
        "x" => LifecycleVerdict.LeaseLost,
        _ => LifecycleVerdict.Applied,
    };

    public static LifecycleStatus? Next(string cell, LifecycleStatus before)
    {
        if (Verdict(cell) != LifecycleVerdict.Applied)
        {
            return null;
        }

        string[] word = cell.Split('/');
        LifecycleStatus after = Words[word[0]](before) with { Version = Situations.Version + 1 };
        return word.ElementAtOrDefault(1) switch
        {
            "w" => after with { WaitedBefore = TimeSpan.FromSeconds(37) },
            "r" => after with { RanBefore = TimeSpan.FromSeconds(41) },
            _ => after,
        };
    }

    private static LifecycleStatus Placed(LifecycleStatus before, TaskState state) => before with { State = state, LegStartTicks = Now.Elapsed.Ticks };

    private static LifecycleStatus GoingOn(LifecycleStatus before) => Placed(before, TaskState.Processing) with { ReopenedBy = ReopeningRequest.None };

    private static LifecycleStatus AtRest(LifecycleStatus before, TaskState state, TaskError? error) => before with
    {
        State = state, ReopenedBy = ReopeningRequest.None, Payload = error, FinishedUtcTicks = Now.Utc.UtcTicks,
    };

    private static LifecycleStatus Ended(LifecycleStatus before, TaskState state, AttemptOutcome outcome, object? payload) => before with
    {
        State = state,
        LastOutcome = outcome,
        PauseRequested = false,
        IsSuspended = false,
        ReopenedBy = ReopeningRequest.None,
        Payload = payload,
        FinishedUtcTicks = Now.Utc.UtcTicks,
    };

    private static LifecycleStatus Reopened(LifecycleStatus before) => Placed(before, TaskState.Queued) with
    {
        LastOutcome = AttemptOutcome.None,
        CancelRequested = false,
        TimeoutFired = false,
        ReopenedBy = ReopeningRequest.Retry,
        DueAt = TimeSpan.MinValue,
        Failures = 0,
        Rescues = 0,
        Retries = 1,
        UnfinishedParents = 0,
        Payload = null,
        FinishedUtcTicks = 0,
        WaitedBefore = TimeSpan.Zero,
        RanBefore = TimeSpan.Zero,
    };

    private static LifecycleStatus Again(LifecycleStatus before, TaskState state) =>
        Back(before, state, AttemptOutcome.Failed, Events.NewError) with { Failures = 2, DueAt = At(140).Elapsed };

    private static LifecycleStatus Released(LifecycleStatus before, TaskState state) =>
        Back(before, state, AttemptOutcome.Released, error: null) with { Payload = Events.NewCheckpoint };

    private static LifecycleStatus Rescued(LifecycleStatus before, TaskState state) =>
        Back(before, state, AttemptOutcome.LeaseExpired, Expired) with { Rescues = 2 };

    private static LifecycleStatus Back(LifecycleStatus before, TaskState state, AttemptOutcome outcome, TaskError? error) => Placed(before, state) with
    {
        PauseRequested = false,
        TimeoutFired = false,
        IsSuspended = false,
        EarlierAttempts = [First, Second, new(3, Worker, At(40).Utc, Now.Utc, outcome, error) { Lease = before.Lease }],
    };
}
