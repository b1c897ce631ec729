namespace TaskManager.Lifecycle;

/// <summary>A slot takes a task: a new attempt, or one that goes on from its checkpoint.</summary>
internal static class AttemptStart
{
    public static LifecycleMove Claim(in TaskRecord record, in LifecycleEvent change, ClockReading now)
    {
        LifecycleStatus before = record.Status;
        return LifecycleMove.To(before with
        {
            State = TaskState.Processing,
            Version = before.Version + 1,
            Attempt = before.Attempt + 1,
            Lease = (TaskLease)change.Data!,
            ReopenedBy = ReopeningRequest.None,
            StartedUtcTicks = Ending.NotBefore(Ending.LastMoment(record), now),
            LegStartTicks = now.Elapsed.Ticks,
            WaitedBefore = record.Waited(now),
            RanBefore = TimeSpan.Zero,
        });
    }

    public static LifecycleMove GoOn(in TaskRecord record, in LifecycleEvent change, ClockReading now)
    {
        LifecycleStatus before = record.Status;
        var lease = (TaskLease)change.Data!;
        if (!string.Equals(lease.Holder, before.Lease!.Holder, StringComparison.Ordinal))
        {
            return LifecycleMove.Refused; // only the holder has the suspended attempt in its memory
        }

        return LifecycleMove.To(before with
        {
            State = TaskState.Processing,
            Version = before.Version + 1,
            IsSuspended = false,
            Lease = lease,
            ReopenedBy = ReopeningRequest.None,
            LegStartTicks = now.Elapsed.Ticks,
            WaitedBefore = record.Waited(now),
        });
    }
}
