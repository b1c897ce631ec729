namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task TryUpdate_FromTheStatusThatStands_PutsTheNextInPlace()
    {
        StoreSteps steps = Create();
        TaskRecord added = await steps.AddAsync();
        LifecycleStatus paused = TaskLifecycle.Apply(added, LifecycleEvent.Pause(), steps.Store.Now).Next!;

        Assert.Equal(UpdateOutcome.Updated, await steps.Store.TryUpdateAsync(added, paused, CancellationToken.None));

        TaskRecord found = (await steps.FindAsync(added.Id))!.Value;
        Assert.Same(paused, found.Status);
        Assert.Same(added.Definition, found.Definition);
    }

    [Fact]
    public async Task TryUpdate_FromAnOlderStatus_IsStaleAndChangesNothing()
    {
        StoreSteps steps = Create();
        TaskRecord added = await steps.AddAsync();
        TaskRecord claimed = await steps.ClaimAsync(added);
        int told = steps.Changes.Length;

        Assert.Equal(UpdateOutcome.Stale, await steps.TryMoveAsync(added, LifecycleEvent.Cancel()));
        Assert.Equal(UpdateOutcome.Stale, await steps.TryMoveAsync(claimed with { Status = claimed.Status with { } }, LifecycleEvent.Cancel())); // as good as it looks, it was not read

        Assert.Equal(claimed, await steps.FindAsync(added.Id));
        Assert.Equal(told, steps.Changes.Length);
    }

    [Fact]
    public async Task TryUpdate_TaskThatIsNotThere_IsMissing()
    {
        StoreSteps steps = Create();
        TaskRecord elsewhere = await Create().AddAsync();
        TaskRecord cancelled = await steps.CancelAsync((await steps.AddAsync()).Id);
        await steps.RemoveAsync(cancelled.Id);

        Assert.Equal(UpdateOutcome.Missing, await steps.TryMoveAsync(elsewhere, LifecycleEvent.Cancel()));
        Assert.Equal(UpdateOutcome.Missing, await steps.TryMoveAsync(cancelled, LifecycleEvent.Retry()));
        Assert.Equal(0, (await steps.CountAsync()).Unfinished);
    }

    [Fact]
    public async Task TryUpdate_RetryWithoutRoom_IsFull()
    {
        StoreSteps steps = Create(options => options.QueueCapacity = 1);
        TaskRecord cancelled = await steps.CancelAsync((await steps.AddAsync()).Id);
        TaskRecord other = await steps.AddAsync();

        Assert.Equal(UpdateOutcome.Full, await steps.TryMoveAsync(cancelled, LifecycleEvent.Retry()));
        Assert.Equal(cancelled, await steps.FindAsync(cancelled.Id));
        await steps.CancelAsync(other.Id);

        Assert.Equal(TaskState.Queued, (await steps.RetryAsync(cancelled.Id)).State);
        Assert.True(steps.Store.IsFull);
    }

    [Fact]
    public async Task TryUpdate_EveryMoveButARetry_NeedsNoRoom()
    {
        StoreSteps steps = Create(options => options.QueueCapacity = 1);
        TaskRecord only = await steps.AddAsync();

        await steps.MoveAsync(only.Id, LifecycleEvent.Pause());
        await steps.MoveAsync(only.Id, LifecycleEvent.Resume());
        TaskRecord claimed = await steps.ClaimAsync(only);
        await steps.MoveAsync(only.Id, LifecycleEvent.Release(claimed.Status.Attempt, checkpoint: null));

        Assert.Equal(TaskState.Queued, await steps.StateAsync(only.Id));
    }
}
