namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task Claim_ReadyTask_BeginsAnAttemptUnderTheLease()
    {
        StoreSteps steps = Create();
        TaskRecord added = await steps.AddAsync();
        Clock.Advance(Second);
        var claim = new TaskClaim("holder", "worker-1", TestTypes.All, TimeSpan.FromMinutes(1));

        TaskRecord claimed = Assert.Single(await steps.ClaimAsync(5, claim));

        Assert.Equal((added.Id, TaskState.Processing, 2, 1), (claimed.Id, claimed.State, claimed.Status.Version, claimed.Status.Attempt));
        Assert.Equal(("holder", "worker-1", Second + TimeSpan.FromMinutes(1)), (claimed.Status.Lease!.Holder, claimed.Status.Lease.Worker, claimed.Status.Lease.Until));
        Assert.NotEqual(Guid.Empty, claimed.Status.Lease.Token);
        Assert.Equal((steps.Store.Now.Utc, Second), (claimed.Status.StartedAt!.Value, claimed.Waited(steps.Store.Now)));
        Assert.Equal(claimed, await steps.FindAsync(added.Id));
        Assert.Empty(await steps.ClaimAsync());
    }

    [Fact]
    public async Task Claim_NothingReady_ClaimsNothingAndKnowsNoTime()
    {
        StoreSteps steps = Create();
        TaskRecord parent = await steps.ClaimAsync(await steps.AddAsync());
        await steps.AddAsync(new SubmitOptions { Delay = Second });
        await steps.AddAsync(new SubmitOptions { RunAt = steps.Store.Now.Utc + Second });
        await steps.AddAsync(new SubmitOptions { DependsOn = [parent.Id] });
        await steps.MoveAsync((await steps.AddAsync()).Id, LifecycleEvent.Pause());
        await steps.CancelAsync((await steps.AddAsync()).Id);

        Assert.Equal(new ClaimResult(0), await steps.Store.ClaimAsync(StoreSteps.AnyClaim, new TaskRecord[3], CancellationToken.None));
    }

    [Fact]
    public async Task Claim_Several_GivesThemInOrderAndNoMoreThanAsked()
    {
        StoreSteps steps = Create();
        TaskRecord[] added = await steps.AddManyAsync(5);
        var claimed = new TaskRecord[4];

        Assert.Equal(new ClaimResult(3), await steps.Store.ClaimAsync(StoreSteps.AnyClaim, claimed.AsMemory(0, 3), CancellationToken.None));
        Assert.Equal(Ids(added[..3]), Ids(claimed[..3]));
        Assert.Equal(default, claimed[3]);
        Assert.Equal(new ClaimResult(0), await steps.Store.ClaimAsync(StoreSteps.AnyClaim, Memory<TaskRecord>.Empty, CancellationToken.None));
        Assert.Equal(new ClaimResult(2), await steps.Store.ClaimAsync(StoreSteps.AnyClaim, claimed, CancellationToken.None));
        Assert.Equal(Ids(added[3..]), Ids(claimed[..2]));
    }

    [Fact]
    public async Task Claim_Priorities_HighestFirstAndTheOldestOfAllEveryEighthTime()
    {
        StoreSteps steps = Create();
        TaskRecord[] low = await steps.AddManyAsync(3, new SubmitOptions { Priority = TaskPriority.Low });
        TaskRecord[] normal = await steps.AddManyAsync(6);
        TaskRecord[] high = await steps.AddManyAsync(7, new SubmitOptions { Priority = TaskPriority.High });
        TaskRecord[] critical = await steps.AddManyAsync(2, new SubmitOptions { Priority = TaskPriority.Critical });

        List<Guid> order = await steps.ClaimAllAsync();

        Assert.Equal(Ids([.. critical, .. high[..5], low[0], .. high[5..], .. normal[..5], low[1], normal[5], low[2]]), order);
    }

    [Fact]
    public async Task Claim_FairnessKeys_TakeTurnsAndWithinAKeyTheSequenceDecides()
    {
        StoreSteps steps = Create();
        TaskRecord[] a = await steps.AddManyAsync(3, new SubmitOptions { FairnessKey = "a" });
        TaskRecord[] b = await steps.AddManyAsync(1, new SubmitOptions { FairnessKey = "b" }, TestTypes.Other);
        TaskRecord[] none = await steps.AddManyAsync(2);
        TaskRecord[] alsoA = await steps.AddManyAsync(1, new SubmitOptions { FairnessKey = "a" }, TestTypes.Other);

        List<Guid> order = await steps.ClaimAllAsync();

        Assert.Equal(Ids([a[0], b[0], none[0], a[1], none[1], a[2], alsoA[0]]), order);
    }

    [Fact]
    public async Task Claim_TaskThatComesBack_TakesItsOldPlace()
    {
        StoreSteps steps = Create();
        TaskRecord[] added = await steps.AddManyAsync(5);
        TaskRecord released = await steps.ClaimAsync(added[0]);
        await steps.MoveAsync(added[1].Id, LifecycleEvent.Pause());
        await steps.CancelAsync(added[3].Id);
        await steps.RetryAsync(added[3].Id);
        await steps.MoveAsync(added[1].Id, LifecycleEvent.Resume());
        await steps.MoveAsync(added[0].Id, LifecycleEvent.Release(released.Status.Attempt, checkpoint: null));

        Assert.Equal(Ids(added), await steps.ClaimAllAsync());
    }

    [Fact]
    public async Task Claim_SuspendedAttemptThatMayGoOn_IsTheSameAttempt()
    {
        StoreSteps steps = Create();
        TaskRecord claimed = await steps.ClaimAsync(await steps.AddAsync());
        TaskRecord behind = await steps.AddAsync();
        await steps.SuspendAsync(claimed);
        await steps.MoveAsync(claimed.Id, LifecycleEvent.Resume());

        TaskRecord resumed = await steps.ClaimAsync(claimed);

        Assert.Equal((TaskState.Processing, claimed.Status.Attempt), (resumed.State, resumed.Status.Attempt));
        await steps.ClaimAsync(behind);
    }

    [Fact]
    public async Task Claim_OrderOfClaims_IsTheOrderOfStarts()
    {
        StoreSteps steps = Create();
        await steps.AddManyAsync(20);
        var starts = new List<DateTimeOffset>();
        while (await steps.ClaimAsync(3) is { Length: > 0 } claimed)
        {
            starts.AddRange(claimed.Select(record => record.Status.StartedAt!.Value));
            Clock.Advance(Second);
        }

        Assert.Equal(starts.Order(), starts);
        Assert.Equal(7, starts.Distinct().Count());
    }
}
