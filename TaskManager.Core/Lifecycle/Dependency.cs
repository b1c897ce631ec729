namespace TaskManager.Lifecycle;

/// <summary>What the end of a parent means to a task that depends on it.</summary>
internal static class Dependency
{
    public static LifecycleMove ParentCompleted(in TaskRecord record, ClockReading now)
    {
        if (record.Status.UnfinishedParents == 0)
        {
            return LifecycleMove.Refused;
        }

        LifecycleStatus counted = record.Status with { UnfinishedParents = record.Status.UnfinishedParents - 1 };
        return LifecycleMove.To(record.Status.State == TaskState.Blocked
            ? Placement.Placed(record, counted, now)
            : counted with { Version = record.Status.Version + 1 });
    }

    public static LifecycleMove ParentFailed(in TaskRecord record, in LifecycleEvent change, ClockReading now) =>
        record.Status.UnfinishedParents == 0 ? LifecycleMove.Refused
        : record.Definition.Options.OnDependencyFailure == DependencyFailurePolicy.Run ? ParentCompleted(record, now)
        : LifecycleMove.To(Ending.AtRest(record, TaskState.Cancelled, (TaskError?)change.Data, now));
}
