using TaskManager.Tests.Proof.Races;

namespace TaskManager.Tests.Core.Storage;

/// <summary>What others may see between the end of a task and the moment when those that depend on it hear of it.</summary>
public sealed class InMemoryTaskStoreCountingTests
{
    [Fact]
    public async Task Count_BetweenTheEndOfAParentAndItsDependants_SeesThemReady()
    {
        var clock = new SyncPointClock(new ManualClock());
        StoreSteps steps = StoreSteps.InMemory(clock);
        TaskRecord parent = await steps.ClaimAsync(await steps.AddAsync());
        TaskRecord child = await steps.AddAsync(new SubmitOptions { DependsOn = [parent.Id] });
        LifecycleStatus completed = TaskLifecycle.Apply(parent, LifecycleEvent.Complete(1, "done"), steps.Store.Now).Next!;
        ValueTask<TaskCounts> counting = default;
        clock.BeforeNow = () => clock.BeforeNow = () => counting = steps.Store.CountAsync(CancellationToken.None); // the second look begins to tell the dependants

        await steps.Store.TryUpdateAsync(parent, completed, CancellationToken.None);

        TaskCounts counts = await counting;
        Assert.Equal((1, 0, 1), (counts.ByState[TaskState.Completed], counts.ByState[TaskState.Blocked], counts.ByState[TaskState.Queued]));
        Assert.Equal(TaskState.Queued, await steps.StateAsync(child.Id));
    }
}
