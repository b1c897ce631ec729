using TaskManager.Queueing;
using TaskManager.Storage;

namespace TaskManager.Tests.Core.Storage;

/// <summary>Entries as the in-memory store makes and moves them.</summary>
internal static class Entries
{
    private static readonly TaskLease Lease = new("pool", "pool-1", Guid.Empty, TimeSpan.MaxValue);

    public static ClockReading At(int second) => new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(second), TimeSpan.FromSeconds(second));

    public static TaskEntry Create(long sequence, Segment? segment = null, TaskSubmission? submission = null)
    {
        TaskSubmission asked = submission ?? StoreSteps.Submission();
        var definition = new TaskDefinition(new SequencedIds().Next(sequence, At(0).Utc), sequence, asked, At(0));
        LifecycleStatus status = TaskLifecycle.Admit(definition, unfinishedParents: 0, failedParent: null, At(0));
        return new TaskEntry(definition, status, new ReadySet().NewType(asked.Type), segment ?? new Segment(Segment.NumberOf(sequence)));
    }

    public static void Move(TaskEntry entry, LifecycleEvent change) => entry.Swap(TaskLifecycle.Apply(entry.Record, change, At(0)).Next!);

    public static TaskEntry Complete(TaskEntry entry)
    {
        Move(entry, LifecycleEvent.Claim(Lease));
        Move(entry, LifecycleEvent.Complete(entry.Status.Attempt, "done"));
        return entry;
    }

    public static TaskEntry Cancel(TaskEntry entry)
    {
        Move(entry, LifecycleEvent.Cancel());
        return entry;
    }
}
