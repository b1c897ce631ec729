using static TaskManager.Tests.Core.Definitions;

namespace TaskManager.Tests.Core.Lifecycle;

/// <summary>Moments never go back, even when the wall clock does.</summary>
[Trait("Proof", "table")]
public sealed class MomentTests
{
    private static readonly TaskDefinition Definition = Task(new() { MaxAttempts = 9 }, createdAt: 1000);

    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(1, 100)];

    [Fact]
    public void Claim_TheWallClockWentBack_StartsWhenTheTaskWasCreated()
    {
        TaskRecord record = Claimed(wall: 10);

        Assert.Equal(At(1000).Utc, record.Status.StartedAt);
        Assert.Equal(At(1001).Utc, Claimed(wall: 1001).Status.StartedAt);
    }

    [Theory]
    [InlineData(10, 2000)]
    [InlineData(1999, 2000)]
    [InlineData(2001, 2001)]
    public void Complete_TheWallClockWentBack_FinishesWhenTheAttemptStarted(double wall, double expected)
    {
        TaskRecord record = Apply(Claimed(wall: 2000), LifecycleEvent.Complete(1, "result"), At(3, wall));

        Assert.Equal(At(expected).Utc, record.Status.FinishedAt);
        Assert.Equal(At(expected).Utc, record.Attempts()[0].FinishedAt);
    }

    [Theory]
    [InlineData(10, 2000)]
    [InlineData(2001, 2001)]
    public void Release_TheWallClockWentBack_EndsTheAttemptWhenItStarted(double wall, double expected)
    {
        TaskRecord record = Apply(Claimed(wall: 2000), LifecycleEvent.Release(1, checkpoint: null), At(3, wall));

        Assert.Equal(At(expected).Utc, record.Attempts()[0].FinishedAt);
    }

    [Theory]
    [InlineData(10, 1000)]
    [InlineData(1001, 1001)]
    public void Cancel_NeverClaimedAndTheWallClockWentBack_FinishesWhenTheTaskWasCreated(double wall, double expected) =>
        Assert.Equal(At(expected).Utc, Apply(Queued(), LifecycleEvent.Cancel(), At(3, wall)).Status.FinishedAt);

    [Fact]
    public void Claim_AfterAnAttemptAndTheWallClockWentBack_StartsWhenThatEnded()
    {
        TaskRecord record = Apply(Claimed(wall: 2000), LifecycleEvent.Release(1, checkpoint: null), At(3, wall: 2500));

        Assert.Equal(At(2500).Utc, Apply(record, LifecycleEvent.Claim(Lease), At(4, wall: 2100)).Status.StartedAt);
        Assert.Equal(At(2500).Utc, Apply(record, LifecycleEvent.Cancel(), At(4, wall: 2100)).Status.FinishedAt);
        Assert.Equal(At(2600).Utc, Apply(record, LifecycleEvent.Claim(Lease), At(4, wall: 2600)).Status.StartedAt);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Apply_RandomEventsAndJumpsOfTheWallClock_NoMomentGoesBack(int seed)
    {
        Random random = new(seed);
        LifecycleEventKind[] kinds = Enum.GetValues<LifecycleEventKind>();
        TaskRecord record = Queued();
        double steady = 0;
        for (int i = 0; i < 500; i++)
        {
            ClockReading now = At(steady += random.Next(10), wall: random.Next(900, 2_000));
            LifecycleEventKind kind = kinds[random.Next(kinds.Length)];
            record = record.State == TaskState.Completed ? Queued() : record; // nothing more can happen to it
            if (TaskLifecycle.Apply(record, Events.Of(kind, record.Status.Attempt, record.Status.Lease?.Token ?? default), now).Next is { } next)
            {
                record = record with { Status = next };
                AssertOrdered(record, $"Seed {seed}, step {i}, {kind}.");
            }
        }
    }

    private static TaskLease Lease { get; } = Situations.Lease with { Token = Guid.Empty };

    private static TaskRecord Queued() => new(Definition, new LifecycleStatus { State = TaskState.Queued, Version = 1 });

    private static TaskRecord Claimed(double wall) => Apply(Queued(), LifecycleEvent.Claim(Lease), At(2, wall));

    private static TaskRecord Apply(TaskRecord record, LifecycleEvent change, ClockReading now) =>
        record with { Status = TaskLifecycle.Apply(record, change, now).Next! };

    private static void AssertOrdered(TaskRecord record, string where)
    {
        IEnumerable<DateTimeOffset?> moments = record.Attempts()
            .SelectMany(attempt => new[] { attempt.StartedAt, attempt.FinishedAt })
            .Prepend(record.Definition.Created.Utc)
            .Append(record.Status.FinishedAt)
            .Where(moment => moment is not null);
        Assert.True(moments.SequenceEqual(moments.Order()), where);
        Assert.True(record.Status.StartedAt is null || record.Status.StartedAt >= record.Definition.Created.Utc, where);
        Assert.True(record.Status.FinishedAt is null || record.Status.FinishedAt >= (record.Status.StartedAt ?? default), where);
    }
}
