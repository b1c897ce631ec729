namespace TaskManager;

/// <summary>What <see cref="TaskLifecycle.Apply"/> decided.</summary>
/// <param name="Verdict">The decision.</param>
/// <param name="Next">The status to put in place; only when the verdict is <see cref="LifecycleVerdict.Applied"/>.</param>
public readonly record struct LifecycleMove(LifecycleVerdict Verdict, LifecycleStatus? Next)
{
    internal static LifecycleMove Refused => new(LifecycleVerdict.Refused, null);

    internal static LifecycleMove Repeated => new(LifecycleVerdict.Repeated, null);

    internal static LifecycleMove LeaseLost => new(LifecycleVerdict.LeaseLost, null);

    internal static LifecycleMove To(LifecycleStatus next) => new(LifecycleVerdict.Applied, next);
}
