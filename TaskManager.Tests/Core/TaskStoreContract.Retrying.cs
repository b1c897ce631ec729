namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task Retry_ParentHasNotCompleted_IsRefused()
    {
        StoreSteps steps = Create();
        TaskRecord parent = await steps.AddAsync();
        TaskRecord child = await steps.AddAsync(DependingOn(parent));
        await steps.CancelAsync(parent.Id);
        TaskRecord cancelled = (await steps.FindAsync(child.Id))!.Value;

        Assert.Equal(UpdateOutcome.ParentNotCompleted, await steps.TryMoveAsync(cancelled, LifecycleEvent.Retry()));
        await steps.RetryAsync(parent.Id);
        Assert.Equal(UpdateOutcome.ParentNotCompleted, await steps.TryMoveAsync(cancelled, LifecycleEvent.Retry()));
        await steps.ClaimAsync(parent);
        await steps.CompleteAsync(parent.Id);
        Assert.Equal(cancelled, await steps.FindAsync(child.Id)); // what was cancelled stays so

        Assert.Equal(TaskState.Queued, (await steps.RetryAsync(child.Id)).State);
        await steps.ClaimAsync(child);
    }

    [Fact]
    public async Task Retry_TaskThatRunsWhateverItsParentsDo_NeedsThemToHaveEnded()
    {
        StoreSteps steps = Create();
        TaskRecord failed = await steps.AddAsync();
        TaskRecord open = await steps.AddAsync();
        TaskRecord child = await steps.AddAsync(DependingOn(failed, open) with { OnDependencyFailure = DependencyFailurePolicy.Run });
        await steps.CancelAsync(failed.Id);
        TaskRecord cancelled = await steps.CancelAsync(child.Id);

        Assert.Equal(UpdateOutcome.ParentNotCompleted, await steps.TryMoveAsync(cancelled, LifecycleEvent.Retry()));
        await steps.CancelAsync(open.Id);

        Assert.Equal(TaskState.Queued, (await steps.RetryAsync(child.Id)).State);
    }

    [Fact]
    public async Task Retry_TaskBornCancelled_RunsOnceItsParentHasCompleted()
    {
        StoreSteps steps = Create();
        TaskRecord parent = await steps.CancelAsync((await steps.AddAsync()).Id);
        TaskRecord child = await steps.AddAsync(DependingOn(parent));

        Assert.Equal(UpdateOutcome.ParentNotCompleted, await steps.TryMoveAsync(child, LifecycleEvent.Retry()));
        await steps.RetryAsync(parent.Id);
        await steps.ClaimAsync(parent);
        await steps.CompleteAsync(parent.Id);
        await steps.RetryAsync(child.Id);

        Assert.Equal(RemoveOutcome.HasDependants, await steps.RemoveAsync(parent.Id)); // counted again
        await steps.ClaimAsync(child);
        await steps.CompleteAsync(child.Id);
        Assert.Equal(RemoveOutcome.Removed, await steps.RemoveAsync(parent.Id));
    }

    [Fact]
    public async Task Retry_ParentIsGone_GoesByHowItEnded()
    {
        StoreSteps steps = Create();
        TaskRecord parent = await steps.RunAsync();
        TaskRecord child = await steps.CancelAsync((await steps.AddAsync(DependingOn(parent))).Id);
        await steps.RemoveAsync(parent.Id);

        Assert.Equal(TaskState.Queued, (await steps.RetryAsync(child.Id)).State);
        await steps.ClaimAsync(child);
        await steps.CompleteAsync(child.Id);

        Assert.Equal((2, 1), ((await steps.CountAsync()).Accepted, (await steps.CountAsync()).Removed));
    }

    [Fact]
    public async Task Retry_ParentThatEndsTwice_FreesItsChildOnce()
    {
        StoreSteps steps = Create();
        TaskRecord twice = await steps.AddAsync();
        TaskRecord open = await steps.AddAsync();
        TaskRecord child = await steps.AddAsync(DependingOn(twice, open) with { OnDependencyFailure = DependencyFailurePolicy.Run });
        await steps.CancelAsync(twice.Id);
        await steps.RetryAsync(twice.Id);
        await steps.CancelAsync(twice.Id);

        Assert.Equal((TaskState.Blocked, 1), (await steps.StateAsync(child.Id), (await steps.FindAsync(child.Id))!.Value.Status.UnfinishedParents));
        await steps.CancelAsync(open.Id);

        Assert.Equal(TaskState.Queued, await steps.StateAsync(child.Id));
    }
}
