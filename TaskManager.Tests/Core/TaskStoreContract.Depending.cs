namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task DependsOn_SeveralParents_IsBlockedUntilTheLastHasCompleted()
    {
        StoreSteps steps = Create();
        TaskRecord[] parents = await steps.AddManyAsync(3);
        TaskRecord child = await steps.AddAsync(DependingOn(parents));
        TaskRecord other = await steps.AddAsync(DependingOn(parents[0]));
        await steps.ClaimAsync(3);

        await steps.CompleteAsync(parents[1].Id);
        Assert.Equal((TaskState.Blocked, 2), (await steps.StateAsync(child.Id), (await steps.FindAsync(child.Id))!.Value.Status.UnfinishedParents));
        await steps.CompleteAsync(parents[0].Id);
        Assert.Equal((TaskState.Blocked, TaskState.Queued), (await steps.StateAsync(child.Id), await steps.StateAsync(other.Id)));
        await steps.CompleteAsync(parents[2].Id);

        Assert.Equal(TaskState.Queued, await steps.StateAsync(child.Id));
        Assert.Equal(Ids([child, other]), Ids(await steps.ClaimAsync(5)));
    }

    [Fact]
    public async Task DependsOn_ParentsThatHaveEnded_AreNotWaitedFor()
    {
        StoreSteps steps = Create();
        TaskRecord completed = await steps.RunAsync();
        TaskRecord queued = await steps.AddAsync();

        Assert.Equal(TaskState.Queued, (await steps.AddAsync(DependingOn(completed))).State);
        TaskRecord child = await steps.AddAsync(DependingOn(completed, queued));
        Assert.Equal((TaskState.Blocked, 1), (child.State, child.Status.UnfinishedParents));
        await steps.ClaimAsync(queued);
        await steps.CompleteAsync(queued.Id);

        Assert.Equal(TaskState.Queued, await steps.StateAsync(child.Id));
    }

    [Fact]
    public async Task DependsOn_DelayBeside_WaitsForBoth()
    {
        StoreSteps steps = Create();
        TaskRecord parent = await steps.AddAsync();
        TaskRecord early = await steps.AddAsync(DependingOn(parent) with { Delay = Second });
        TaskRecord late = await steps.AddAsync(DependingOn(parent) with { Delay = TimeSpan.FromSeconds(3) });
        await steps.ClaimAsync(parent);
        Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await steps.QueueDueAsync());
        Assert.Equal(TaskState.Blocked, await steps.StateAsync(early.Id));

        await steps.CompleteAsync(parent.Id);

        Assert.Equal((TaskState.Queued, TaskState.Scheduled), (await steps.StateAsync(early.Id), await steps.StateAsync(late.Id)));
        Assert.Equal(Second, await steps.QueueDueAsync());
    }

    [Fact]
    public async Task DependsOn_UnknownParents_AreRefusedByName()
    {
        StoreSteps steps = Create();
        TaskRecord known = await steps.AddAsync();
        TaskRecord removed = await steps.CancelAsync((await steps.AddAsync()).Id);
        await steps.RemoveAsync(removed.Id);
        var unknown = Guid.NewGuid();

        AddResult result = await steps.TryAddAsync(StoreSteps.Submission(new SubmitOptions { DependsOn = [unknown, known.Id, removed.Id] }));

        Assert.Equal(AddOutcome.UnknownParents, result.Outcome);
        Assert.Equal([unknown, removed.Id], result.UnknownParents);
        Assert.Equal(RemoveOutcome.Unfinished, await steps.RemoveAsync(known.Id)); // nobody depends on it
    }

    [Theory]
    [InlineData(TaskState.Failed)]
    [InlineData(TaskState.Cancelled)]
    [InlineData(TaskState.TimedOut)]
    public async Task DependencyFailure_ParentEndsBadly_CancelsAllThatWait(TaskState end)
    {
        StoreSteps steps = Create();
        TaskRecord parent = await steps.AddAsync();
        TaskRecord child = await steps.AddAsync(DependingOn(parent));
        TaskRecord held = await steps.AddAsync(DependingOn(parent));
        await steps.MoveAsync(held.Id, LifecycleEvent.Pause());
        TaskRecord grandchild = await steps.AddAsync(DependingOn(child));
        TaskRecord runs = await steps.AddAsync(DependingOn(parent) with { OnDependencyFailure = DependencyFailurePolicy.Run });

        await EndAsync(steps, parent, end);

        await AssertCancelledByAsync(steps, child, parent);
        await AssertCancelledByAsync(steps, held, parent);
        await AssertCancelledByAsync(steps, grandchild, child);
        Assert.Equal(TaskState.Queued, await steps.StateAsync(runs.Id));
    }

    [Fact]
    public async Task DependencyFailure_ParentHasEndedBadly_GivesBirthToACancelledTask()
    {
        StoreSteps steps = Create();
        TaskRecord completed = await steps.RunAsync();
        TaskRecord failed = await steps.CancelAsync((await steps.AddAsync()).Id);

        TaskRecord child = await steps.AddAsync(DependingOn(completed, failed));
        TaskRecord runs = await steps.AddAsync(DependingOn(completed, failed) with { OnDependencyFailure = DependencyFailurePolicy.Run });

        Assert.Equal((TaskState.Cancelled, TaskState.Queued), (child.State, runs.State));
        await AssertCancelledByAsync(steps, child, failed);
        Assert.Equal(steps.Store.Now.Utc, child.Status.FinishedAt);
        await steps.CancelAsync(runs.Id);
        Assert.Equal(RemoveOutcome.Removed, await steps.RemoveAsync(failed.Id)); // what was born cancelled does not keep it
    }

    [Fact]
    public async Task DependencyFailure_LongChainsAndManyChildren_AreWorkedOff()
    {
        const int Count = 5_000;
        StoreSteps steps = Create();
        TaskRecord root = await steps.AddAsync();
        Guid last = root.Id;
        for (int i = 0; i < Count; i++)
        {
            await steps.Store.AddAsync(StoreSteps.Submission(DependingOn(root)), CancellationToken.None);
            last = (await steps.Store.AddAsync(StoreSteps.Submission(new SubmitOptions { DependsOn = [last] }), CancellationToken.None)).Record.Id;
        }

        await steps.CancelAsync(root.Id);

        TaskCounts counts = await steps.CountAsync();
        Assert.Equal((1 + (2 * Count), 0), (counts.ByState[TaskState.Cancelled], counts.Unfinished));
    }

    [Fact]
    public async Task DependsOn_HeldWhileItsParentsComplete_GoesOnWhenResumed()
    {
        StoreSteps steps = Create();
        TaskRecord parent = await steps.AddAsync();
        TaskRecord child = await steps.AddAsync(DependingOn(parent));
        await steps.MoveAsync(child.Id, LifecycleEvent.Pause());
        await steps.ClaimAsync(parent);
        await steps.CompleteAsync(parent.Id);

        TaskRecord held = (await steps.FindAsync(child.Id))!.Value;
        Assert.Equal((TaskState.Paused, 0), (held.State, held.Status.UnfinishedParents));
        Assert.Equal(TaskState.Queued, (await steps.MoveAsync(child.Id, LifecycleEvent.Resume())).State);
    }

    private static SubmitOptions DependingOn(params TaskRecord[] parents) => new() { DependsOn = Ids(parents) };

    private static async Task EndAsync(StoreSteps steps, TaskRecord task, TaskState end)
    {
        TaskRecord claimed = await steps.ClaimAsync(task);
        if (end != TaskState.Failed)
        {
            await steps.MoveAsync(task.Id, end == TaskState.TimedOut ? LifecycleEvent.TimeoutElapsed(claimed.Status.Attempt) : LifecycleEvent.Cancel());
        }

        Assert.Equal(end, (await steps.FailAsync(task.Id)).State);
    }

    private static async Task AssertCancelledByAsync(StoreSteps steps, TaskRecord child, TaskRecord parent)
    {
        TaskRecord found = (await steps.FindAsync(child.Id))!.Value;
        Assert.Equal((TaskState.Cancelled, TaskErrorCodes.DependencyFailed), (found.State, found.Status.Error?.Code));
        Assert.Contains($"{parent.Id}", found.Status.Error!.Message, StringComparison.Ordinal);
    }
}
