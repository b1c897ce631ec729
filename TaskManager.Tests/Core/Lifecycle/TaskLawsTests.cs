#if DEBUG // where alone the laws are checked
using TaskManager.Lifecycle;

namespace TaskManager.Tests.Core.Lifecycle;

[Trait("Proof", "table")]
public sealed class TaskLawsTests
{
    private static readonly LifecycleStatus Queued = Situations.Of("queued");
    private static readonly LifecycleStatus Running = Situations.Of("processing");
    private static readonly LifecycleStatus Failed = Situations.Of("failed");

    [Fact]
    public void AssertMayFollow_EveryMoveOfTheTable_Holds()
    {
        foreach ((string situation, _, string cell) in TransitionTable.Cells)
        {
            if (Effects.Next(cell, Situations.Of(situation)) is { } next)
            {
                TaskLaws.AssertMayFollow(Situations.Of(situation), next);
            }
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(2)]
    public void AssertMayFollow_VersionNotOneHigher_Fails(int step) =>
        AssertBroken("A change raises the version by one.", Queued, Queued with { Version = Queued.Version + step });

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void AssertMayFollow_AttemptGoesBackOrLeaps_Fails(int step) =>
        AssertBroken("An attempt's number only rises.", Queued, Next(Queued) with { Attempt = Queued.Attempt + step });

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(2)]
    public void AssertMayFollow_FinalStateLeftOtherwiseThanByARetry_Fails(int retries) =>
        AssertBroken("A final state is left by a retry alone.", Failed, Next(Failed) with { Retries = Failed.Retries + retries });

    [Fact]
    public void AssertMayFollow_SecondLiveAttempt_Fails() =>
        AssertBroken("There is at most one live attempt.", Running, Next(Running) with { Attempt = Running.Attempt + 1 });

    [Fact]
    public void AssertMayFollow_EndedWithoutAnEnd_Fails() =>
        AssertBroken("Exactly the ended tasks have an end.", Running, Next(Running) with { State = TaskState.Failed });

    [Fact]
    public void AssertMayFollow_EndWithoutBeingEnded_Fails() =>
        AssertBroken("Exactly the ended tasks have an end.", Running, Next(Running) with { FinishedUtcTicks = Situations.Now.Utc.UtcTicks });

    [Fact]
    public void AssertMayFollow_EndsBeforeItStarts_Fails() =>
        AssertBroken("A task starts before it ends.", Running, Next(Running) with { State = TaskState.Failed, FinishedUtcTicks = Running.StartedUtcTicks - 1 });

    [Fact]
    public void AssertMayFollow_EndsAsItStarts_Holds() =>
        TaskLaws.AssertMayFollow(Running, Next(Running) with { State = TaskState.Failed, FinishedUtcTicks = Running.StartedUtcTicks });

    [Fact]
    public void AssertMayFollow_EndsWithoutAStart_Holds() =>
        TaskLaws.AssertMayFollow(Queued, Next(Queued) with { State = TaskState.Failed, StartedUtcTicks = 0, FinishedUtcTicks = 1 });

    [Fact]
    public void AssertMayFollow_RunsWithoutALease_Fails() =>
        AssertBroken("A running attempt has a lease.", Queued, Next(Queued) with { State = TaskState.Processing, Lease = null });

    [Fact]
    public void AssertMayFollow_SuspendedInASlot_Fails() =>
        AssertBroken("A suspended attempt holds no slot.", Running, Next(Running) with { IsSuspended = true });

    private static LifecycleStatus Next(LifecycleStatus before) => before with { Version = before.Version + 1 };

    private static void AssertBroken(string law, LifecycleStatus before, LifecycleStatus after)
    {
        Exception thrown = Assert.ThrowsAny<Exception>(() => TaskLaws.AssertMayFollow(before, after));
        Assert.Contains(law, thrown.Message, StringComparison.Ordinal);
    }
}
#endif
