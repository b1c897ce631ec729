namespace TaskManager;

/// <summary>One task as it stood at one moment. Immutable; look again for a newer one.</summary>
/// <param name="Definition">What was asked.</param>
/// <param name="Status">Where the task stands.</param>
/// <param name="Progress">How far its last attempt has come; <see langword="null"/> when it never said.</param>
public readonly record struct TaskRecord(TaskDefinition Definition, LifecycleStatus Status, TaskProgress? Progress = null)
{
    /// <summary>Gets the id.</summary>
    public Guid Id => Definition.Id;

    /// <summary>Gets the state.</summary>
    public TaskState State => Status.State;

    /// <summary>Gets a value indicating whether the task has ended.</summary>
    public bool IsDone => Status.State.IsFinal();

    /// <summary>Gets how long the task has stood in the queue since its last retry.</summary>
    /// <param name="now">The present reading; it matters only while the task is queued.</param>
    /// <returns>Never negative.</returns>
    public TimeSpan Waited(ClockReading now) => Status.State == TaskState.Queued ? Status.WaitedBefore + Leg(now) : Status.WaitedBefore;

    /// <summary>Gets how long the last attempt has run, without the time it stood paused.</summary>
    /// <param name="now">The present reading; it matters only while the task is processing.</param>
    /// <returns>Never negative; zero before the first attempt.</returns>
    public TimeSpan Ran(ClockReading now) => Status.State == TaskState.Processing ? Status.RanBefore + Leg(now) : Status.RanBefore;

    /// <summary>Gets every attempt, oldest first, the live one included; at most the last <see cref="TaskLifecycle.MaxHistory"/> + 1.</summary>
    /// <returns>A new list.</returns>
    public IReadOnlyList<TaskAttempt> Attempts() => LastAttempt() is { } last ? [.. Status.EarlierAttempts, last] : Status.EarlierAttempts;

    /// <summary>Gets the attempt that lives, or that ended with the task; <see langword="null"/> when the last one is among the earlier ones already.</summary>
    internal TaskAttempt? LastAttempt()
    {
        if (!Status.HasLiveAttempt && Status.LastOutcome == AttemptOutcome.None)
        {
            return null;
        }

        return new TaskAttempt(
            Status.Attempt,
            Status.Lease!.Worker,
            Status.StartedAt!.Value,
            Status.LastOutcome == AttemptOutcome.None ? null : Status.FinishedAt,
            Status.LastOutcome,
            Status.Error)
        {
            Lease = Status.Lease,
        };
    }

    /// <summary>Gets how the latest attempt ended; <see cref="AttemptOutcome.None"/> while it lives, and before the first.</summary>
    internal AttemptOutcome LastOutcome() =>
        Status.HasLiveAttempt ? AttemptOutcome.None
        : Status.LastOutcome != AttemptOutcome.None ? Status.LastOutcome
        : Status.EarlierAttempts is [.., { } latest] ? latest.Outcome
        : AttemptOutcome.None;

    /// <summary>Finds the lease with a token, of whichever attempt; <see langword="null"/> when none is kept.</summary>
    internal TaskLease? FindLease(Guid token)
    {
        if (Status.Lease?.Token == token)
        {
            return Status.Lease;
        }

        foreach (TaskAttempt attempt in Status.EarlierAttempts)
        {
            if (attempt.Lease?.Token == token)
            {
                return attempt.Lease;
            }
        }

        return null;
    }

    /// <summary>Gets when the running attempt will have run for as long as it may, in <see cref="ClockReading.Elapsed"/>; <see cref="long.MaxValue"/> for never.</summary>
    internal long TimeoutAtTicks() => Definition.Timeout == Timeout.InfiniteTimeSpan
        ? long.MaxValue
        : Status.LegStartTicks + (Definition.Timeout - Status.RanBefore).Ticks;

    private TimeSpan Leg(ClockReading now)
    {
        long start = Status.LegStartTicks == LifecycleStatus.SinceAdmission ? Definition.Created.Elapsed.Ticks : Status.LegStartTicks;
        return new TimeSpan(Math.Max(0, now.Elapsed.Ticks - start));
    }
}
