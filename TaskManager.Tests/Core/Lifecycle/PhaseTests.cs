using TaskManager.Lifecycle;

namespace TaskManager.Tests.Core.Lifecycle;

[Trait("Proof", "table")]
public sealed class PhaseTests
{
    [Theory]
    [InlineData("scheduled", nameof(Phase.Scheduled))]
    [InlineData("blocked", nameof(Phase.Blocked))]
    [InlineData("queued", nameof(Phase.Queued))]
    [InlineData("resuming", nameof(Phase.Resuming))]
    [InlineData("processing", nameof(Phase.Processing))]
    [InlineData("waiting", nameof(Phase.Waiting))]
    [InlineData("suspended", nameof(Phase.Suspended))]
    [InlineData("completed", nameof(Phase.Completed))]
    [InlineData("failed", nameof(Phase.Failed))]
    [InlineData("timed_out", nameof(Phase.TimedOut))]
    [InlineData("cancelled", nameof(Phase.Cancelled))]
    public void Of_EverySituation_IsItsPhase(string situation, string phase) => Assert.Equal(phase, Phases.Of(Situations.Of(situation)).ToString());

    [Fact]
    public void Of_NoState_Throws()
    {
        var thrown = Assert.Throws<ArgumentOutOfRangeException>("status", () => Phases.Of(new LifecycleStatus { State = (TaskState)9 }));

        Assert.Equal((TaskState)9, thrown.ActualValue);
        Assert.Contains("No such state.", thrown.Message, StringComparison.Ordinal);
    }
}
