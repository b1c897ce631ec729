namespace TaskManager.Tests.Core;

public sealed class TaskStatesTests
{
    [Fact]
    public void WireName_EveryState_IsItsNameInSnakeCase() =>
        Assert.Equal(
            ["scheduled", "blocked", "queued", "processing", "paused", "completed", "failed", "timed_out", "cancelled"],
            TaskStates.All.Select(state => state.WireName()));

    [Fact]
    public void TryParse_EveryWireName_FindsItsState() =>
        Assert.All(TaskStates.All, state => Assert.True(TaskStates.TryParse(state.WireName(), out TaskState parsed) && parsed == state));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Queued")]
    [InlineData("timedout")]
    [InlineData("0")]
    public void TryParse_NoWireName_IsRefused(string? name) => Assert.False(TaskStates.TryParse(name, out _));

    [Fact]
    public void IsFinal_EveryState_HoldsForTheFourEnds() =>
        Assert.Equal(
            [TaskState.Completed, TaskState.Failed, TaskState.TimedOut, TaskState.Cancelled],
            TaskStates.All.Where(state => state.IsFinal()));
}
