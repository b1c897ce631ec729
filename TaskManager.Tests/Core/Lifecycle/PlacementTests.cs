using static TaskManager.Tests.Core.Definitions;

namespace TaskManager.Tests.Core.Lifecycle;

[Trait("Proof", "table")]
public sealed class PlacementTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Fact]
    public void Admit_FreeToRun_IsQueuedAndSharesOneStatus()
    {
        LifecycleStatus first = Admit(SubmitOptions.Default, now: 10);
        LifecycleStatus second = Admit(SubmitOptions.Default, now: 20);

        Statuses.AssertEqual(new LifecycleStatus { State = TaskState.Queued, Version = 1 }, first);
        Assert.Same(first, second);
        Assert.Equal(TimeSpan.FromSeconds(5), new TaskRecord(Task(createdAt: 10), first).Waited(At(15)));
    }

    [Fact]
    public void Admit_WithADelay_IsScheduledFromItsSubmissionOn() =>
        Statuses.AssertEqual(
            new() { State = TaskState.Scheduled, Version = 1, DueAt = At(13).Elapsed, LegStartTicks = At(10).Elapsed.Ticks },
            Admit(new() { Delay = TimeSpan.FromSeconds(3) }, now: 10));

    [Fact]
    public void Admit_WithAMomentToCome_IsScheduled() =>
        Statuses.AssertEqual(
            new() { State = TaskState.Scheduled, Version = 1, LegStartTicks = At(10).Elapsed.Ticks },
            Admit(new() { RunAt = At(10).Utc + Tick }, now: 10));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Admit_WithAMomentThatHasCome_IsQueued(long ticks) =>
        Statuses.AssertEqual(
            new() { State = TaskState.Queued, Version = 1, LegStartTicks = At(10).Elapsed.Ticks },
            Admit(new() { RunAt = At(10).Utc.AddTicks(ticks) }, now: 10));

    [Fact]
    public void Admit_WithUnfinishedParents_IsBlockedEvenWhenNotDue() =>
        Statuses.AssertEqual(
            new() { State = TaskState.Blocked, Version = 1, UnfinishedParents = 2, DueAt = At(13).Elapsed, LegStartTicks = At(10).Elapsed.Ticks },
            Admit(new() { Delay = TimeSpan.FromSeconds(3) }, now: 10, unfinishedParents: 2));

    [Fact]
    public void Admit_WithOneUnfinishedParentAlone_IsBlocked() =>
        Statuses.AssertEqual(
            new() { State = TaskState.Blocked, Version = 1, UnfinishedParents = 1, LegStartTicks = At(10).Elapsed.Ticks },
            Admit(SubmitOptions.Default, now: 10, unfinishedParents: 1));

    [Fact]
    public void Admit_WithAFailedParent_IsBornCancelled() =>
        Statuses.AssertEqual(
            new() { State = TaskState.Cancelled, Version = 1, Payload = Situations.ParentError, FinishedUtcTicks = At(10).Utc.UtcTicks },
            TaskLifecycle.Admit(Task(createdAt: 10), unfinishedParents: 1, Situations.ParentError, At(10)));

    [Fact]
    public void Admit_NoDefinition_Throws() =>
        Assert.Throws<ArgumentNullException>("definition", () => TaskLifecycle.Admit(null!, 0, failedParent: null, At(0)));

    [Theory]
    [InlineData(9.9, 999, false)]
    [InlineData(10, 0, true)]
    [InlineData(11, -999, true)]
    public void Due_ADelay_GoesByTheSteadyClock(double steady, double wall, bool isDue) =>
        AssertDue(Task(new() { Delay = TimeSpan.FromSeconds(10) }), At(steady, wall), isDue);

    [Theory]
    [InlineData(999, 9.9, false)]
    [InlineData(5, 10, true)]
    [InlineData(0, 11, true)]
    public void Due_AMoment_GoesByTheWallClock(double steady, double wall, bool isDue) =>
        AssertDue(Task(new() { RunAt = At(10).Utc }), At(steady, wall), isDue);

    [Fact]
    public void Due_BackOffAndMoment_NeedsBoth()
    {
        LifecycleStatus status = Situations.Of("scheduled") with { DueAt = At(50).Elapsed };
        TaskDefinition definition = Task(new() { RunAt = At(60).Utc });

        Assert.Equal(LifecycleVerdict.Refused, Apply(definition, status, LifecycleEvent.Due(), At(50, wall: 59)).Verdict);
        Assert.Equal(LifecycleVerdict.Refused, Apply(definition, status, LifecycleEvent.Due(), At(49, wall: 60)).Verdict);
        Assert.Equal(TaskState.Queued, Apply(definition, status, LifecycleEvent.Due(), At(50, wall: 60)).Next?.State);
    }

    [Fact]
    public void Retry_OfATaskThatWasNotDue_WaitsForItsMoment()
    {
        LifecycleMove move = Apply(Task(new() { RunAt = At(200).Utc }), Situations.Of("cancelled"), LifecycleEvent.Retry(), Situations.Now);

        Assert.Equal((TaskState.Scheduled, ReopeningRequest.Retry), (move.Next!.State, move.Next.ReopenedBy));
    }

    [Fact]
    public void Retry_Twice_CountsBoth()
    {
        LifecycleStatus failed = Situations.Of("failed") with { Retries = 1 };

        Assert.Equal(2, Apply(Situations.Definition, failed, LifecycleEvent.Retry(), Situations.Now).Next?.Retries);
    }

    private static LifecycleStatus Admit(SubmitOptions options, double now, int unfinishedParents = 0) =>
        TaskLifecycle.Admit(Task(options, createdAt: now), unfinishedParents, failedParent: null, At(now));

    private static void AssertDue(TaskDefinition definition, ClockReading now, bool isDue)
    {
        LifecycleStatus scheduled = TaskLifecycle.Admit(definition, 0, failedParent: null, At(0));
        Assert.Equal(TaskState.Scheduled, scheduled.State);

        Assert.Equal(
            isDue ? (LifecycleVerdict.Applied, TaskState.Queued) : (LifecycleVerdict.Refused, null),
            Apply(definition, scheduled, LifecycleEvent.Due(), now) is var move ? (move.Verdict, move.Next?.State) : default);
    }

    private static LifecycleMove Apply(TaskDefinition definition, LifecycleStatus status, LifecycleEvent change, ClockReading now) =>
        TaskLifecycle.Apply(new TaskRecord(definition, status), change, now);
}
