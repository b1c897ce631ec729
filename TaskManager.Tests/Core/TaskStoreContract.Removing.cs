namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task Remove_EndedTask_IsGoneAndRemembered()
    {
        StoreSteps steps = Create();
        TaskRecord ended = await steps.RunAsync();
        Assert.False(steps.Store.WasRemoved(ended.Id));

        Assert.Equal(RemoveOutcome.Removed, await steps.RemoveAsync(ended.Id));

        Assert.Null(await steps.FindAsync(ended.Id));
        Assert.Empty(await steps.ListAsync(new TaskQuery()));
        Assert.True(steps.Store.WasRemoved(ended.Id));
        Assert.Equal(RemoveOutcome.Missing, await steps.RemoveAsync(ended.Id));
        Assert.Equal((1, 1), ((await steps.CountAsync()).Accepted, (await steps.CountAsync()).Removed));
    }

    [Fact]
    public async Task Remove_UnknownTask_IsMissingAndNotRemembered()
    {
        StoreSteps steps = Create();
        Guid unknown = Guid.CreateVersion7();

        Assert.Equal(RemoveOutcome.Missing, await steps.RemoveAsync(unknown));
        Assert.False(steps.Store.WasRemoved(unknown));
    }

    [Fact]
    public async Task Remove_UnfinishedTask_GoesOnceItHasEnded()
    {
        StoreSteps steps = Create();
        TaskRecord claimed = await steps.ClaimAsync(await steps.AddAsync());

        Assert.Equal(RemoveOutcome.Unfinished, await steps.RemoveAsync(claimed.Id));
        Assert.Equal(claimed, await steps.FindAsync(claimed.Id));
        Assert.False(steps.Store.WasRemoved(claimed.Id));
        await steps.CompleteAsync(claimed.Id);

        Assert.Null(await steps.FindAsync(claimed.Id));
        Assert.True(steps.Store.WasRemoved(claimed.Id));
        Assert.Equal(1, (await steps.CountAsync()).Removed);
    }

    [Fact]
    public async Task Remove_TaskThatOthersDependOn_IsRefusedUntilTheyHaveEnded()
    {
        StoreSteps steps = Create();
        TaskRecord parent = await steps.RunAsync();
        TaskRecord first = await steps.AddAsync(new SubmitOptions { DependsOn = [parent.Id] });
        TaskRecord second = await steps.AddAsync(new SubmitOptions { DependsOn = [parent.Id] });

        Assert.Equal(RemoveOutcome.HasDependants, await steps.RemoveAsync(parent.Id));
        await steps.CancelAsync(first.Id);
        Assert.Equal(RemoveOutcome.HasDependants, await steps.RemoveAsync(parent.Id));
        await steps.CancelAsync(second.Id);

        Assert.Equal(RemoveOutcome.Removed, await steps.RemoveAsync(parent.Id));
    }

    [Fact]
    public async Task Remove_UnfinishedTaskThatOthersCameToDependOn_GoesWithTheLastOfThem()
    {
        StoreSteps steps = Create();
        TaskRecord parent = await steps.ClaimAsync(await steps.AddAsync());
        Assert.Equal(RemoveOutcome.Unfinished, await steps.RemoveAsync(parent.Id));
        TaskRecord child = await steps.AddAsync(new SubmitOptions { DependsOn = [parent.Id] });
        await steps.CompleteAsync(parent.Id);
        Assert.Equal(TaskState.Completed, await steps.StateAsync(parent.Id));

        await steps.ClaimAsync(child);
        await steps.CompleteAsync(child.Id);

        Assert.Null(await steps.FindAsync(parent.Id));
        Assert.True(steps.Store.WasRemoved(parent.Id));
        Assert.Equal(TaskState.Completed, await steps.StateAsync(child.Id));
    }

    [Fact]
    public async Task Remove_ByRetention_IsNotRemembered()
    {
        StoreSteps steps = Create(options => options.MaxRetained = 0);
        TaskRecord ended = await steps.RunAsync();

        Assert.Null(await steps.FindAsync(ended.Id));
        Assert.False(steps.Store.WasRemoved(ended.Id));
    }
}
