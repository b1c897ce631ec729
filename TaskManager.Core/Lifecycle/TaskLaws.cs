using System.Diagnostics;

namespace TaskManager.Lifecycle;

/// <summary>The laws that hold between a status and the next, checked in debug builds at every swap.</summary>
internal static class TaskLaws
{
    [Conditional("DEBUG")]
    public static void AssertMayFollow(LifecycleStatus before, LifecycleStatus after)
    {
        Debug.Assert(after.Version == before.Version + 1, "A change raises the version by one.");
        Debug.Assert(after.Attempt == before.Attempt || after.Attempt == before.Attempt + 1, "An attempt's number only rises.");
        Debug.Assert(!before.State.IsFinal() || after.Retries == before.Retries + 1, "A final state is left by a retry alone.");
        Debug.Assert(after.Attempt == before.Attempt || !before.HasLiveAttempt, "There is at most one live attempt.");
        Debug.Assert(after.State.IsFinal() == (after.FinishedAt is not null), "Exactly the ended tasks have an end.");
        Debug.Assert(after.FinishedAt is null || after.StartedAt is null || after.StartedAt <= after.FinishedAt, "A task starts before it ends.");
        Debug.Assert(after.State != TaskState.Processing || after.Lease is not null, "A running attempt has a lease.");
        Debug.Assert(!after.IsSuspended || after.State is TaskState.Paused or TaskState.Queued, "A suspended attempt holds no slot.");
    }
}
