namespace TaskManager.Engine;

/// <summary>The answers to whether the manager is ready.</summary>
internal static class Unready
{
    public static readonly TaskManagerReadiness Not = new(IsReady: true);

    public static readonly TaskManagerReadiness Stopping = new(IsReady: false, "stopping", "The process shuts down: no task is accepted or claimed.");

    public static readonly TaskManagerReadiness StoreUnavailable = new(
        IsReady: false, "store_unavailable", "The last sweep failed, most likely since the store is away; the log says why. The next one, within a second, tries again.");

    public static readonly TaskManagerReadiness TooManyAbandoned = new(
        IsReady: false, "too_many_abandoned", "As many abandoned handlers are still running as may: no task is claimed until one of them ends.");
}
