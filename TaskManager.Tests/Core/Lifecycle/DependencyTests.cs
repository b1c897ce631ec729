using static TaskManager.Tests.Core.Definitions;

namespace TaskManager.Tests.Core.Lifecycle;

[Trait("Proof", "table")]
public sealed class DependencyTests
{
    private static readonly SubmitOptions Run = new() { OnDependencyFailure = DependencyFailurePolicy.Run };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ParentEnded_TheLastWithoutAWord_QueuesTheTask(bool completed)
    {
        LifecycleStatus status = Situations.Of("blocked:two");
        status = Apply(Task(Run), status, ParentEnded(completed), At(140));
        Assert.Equal((TaskState.Blocked, 1, 11), (status.State, status.UnfinishedParents, status.Version));

        status = Apply(Task(Run), status, ParentEnded(!completed), At(150));

        Assert.Equal((TaskState.Queued, 0, 12), (status.State, status.UnfinishedParents, status.Version));
        Assert.Equal(At(150).Elapsed.Ticks, status.LegStartTicks);
        Assert.Equal(TimeSpan.FromSeconds(7), status.WaitedBefore); // blocked is not queued
    }

    [Fact]
    public void ParentFailed_PausedTaskThatRunsAllTheSame_CountsItOnly()
    {
        LifecycleStatus before = Situations.Of("waiting:parent");

        Statuses.AssertEqual(
            before with { UnfinishedParents = 0, Version = Situations.Version + 1 }, Apply(Task(Run), before, ParentEnded(completed: false), At(150)));
    }

    [Fact]
    public void ParentEnded_NoneWaitedFor_IsRefused()
    {
        LifecycleStatus waiting = Situations.Of("waiting");

        Assert.Equal(LifecycleMove.Refused, TaskLifecycle.Apply(new(Task(Run), waiting), ParentEnded(completed: true), At(150)));
        Assert.Equal(LifecycleMove.Refused, TaskLifecycle.Apply(new(Task(Run), waiting), ParentEnded(completed: false), At(150)));
    }

    [Fact]
    public void ParentCompleted_TheLastBeforeTheMomentToRunAt_SchedulesTheTask() =>
        Assert.Equal(
            TaskState.Scheduled, Apply(Task(new() { RunAt = At(151).Utc }), Situations.Of("blocked"), ParentEnded(completed: true), At(150)).State);

    private static LifecycleEvent ParentEnded(bool completed) =>
        completed ? LifecycleEvent.ParentCompleted() : LifecycleEvent.ParentFailed(Situations.ParentError);

    private static LifecycleStatus Apply(TaskDefinition definition, LifecycleStatus status, LifecycleEvent change, ClockReading now) =>
        TaskLifecycle.Apply(new TaskRecord(definition, status), change, now).Next!;
}
