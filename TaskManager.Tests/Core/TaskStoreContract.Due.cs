namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task QueueDue_NothingWaits_KnowsNoTime()
    {
        StoreSteps steps = Create();
        await steps.AddAsync();

        Assert.Null(await steps.QueueDueAsync());
    }

    [Fact]
    public async Task QueueDue_Delay_QueuesExactlyWhenItHasPassed()
    {
        StoreSteps steps = Create();
        TaskRecord delayed = await steps.AddAsync(new SubmitOptions { Delay = TimeSpan.FromDays(60) });
        TaskRecord later = await steps.AddAsync(new SubmitOptions { Delay = TimeSpan.FromDays(61) });

        Assert.Equal(TimeSpan.FromDays(60), await steps.QueueDueAsync());
        Clock.Advance(TimeSpan.FromDays(60) - Tick);
        Assert.Equal(Tick, await steps.QueueDueAsync());
        Assert.Equal(delayed, await steps.FindAsync(delayed.Id));
        Clock.Advance(Tick);

        Assert.Equal(TimeSpan.FromDays(1), await steps.QueueDueAsync());
        Assert.Equal((TaskState.Queued, TaskState.Scheduled), (await steps.StateAsync(delayed.Id), await steps.StateAsync(later.Id)));
        Assert.Equal(2, (await steps.FindAsync(delayed.Id))!.Value.Status.Version);
    }

    [Fact]
    public async Task QueueDue_RunAt_GoesByTheWallClock()
    {
        StoreSteps steps = Create();
        TaskRecord task = await steps.AddAsync(new SubmitOptions { RunAt = steps.Store.Now.Utc.AddHours(1) });

        Clock.JumpWall(TimeSpan.FromHours(-1));
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromHours(1), await steps.QueueDueAsync());
        Assert.Equal(TaskState.Scheduled, await steps.StateAsync(task.Id));
        Clock.JumpWall(TimeSpan.FromHours(1));
        await steps.QueueDueAsync();

        Assert.Equal(TaskState.Queued, await steps.StateAsync(task.Id));
    }

    [Fact]
    public async Task QueueDue_Delay_GoesByTheSteadyClock()
    {
        StoreSteps steps = Create();
        TaskRecord task = await steps.AddAsync(new SubmitOptions { Delay = TimeSpan.FromHours(1) });

        Clock.JumpWall(TimeSpan.FromHours(5));
        Assert.Equal(TimeSpan.FromHours(1), await steps.QueueDueAsync());
        Clock.JumpWall(TimeSpan.FromHours(-10));
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(await steps.QueueDueAsync());

        Assert.Equal(TaskState.Queued, await steps.StateAsync(task.Id));
    }

    [Fact]
    public async Task QueueDue_BothKinds_SaysTheSooner()
    {
        StoreSteps steps = Create();
        await steps.AddAsync(new SubmitOptions { Delay = TimeSpan.FromHours(2) });
        TaskRecord byWall = await steps.AddAsync(new SubmitOptions { RunAt = steps.Store.Now.Utc.AddHours(1) });

        Assert.Equal(TimeSpan.FromHours(1), await steps.QueueDueAsync());
        await steps.CancelAsync(byWall.Id);

        Assert.Equal(TimeSpan.FromHours(2), await steps.QueueDueAsync());
    }

    [Fact]
    public async Task QueueDue_BackOff_QueuesTheNextAttempt()
    {
        StoreSteps steps = Create();
        TaskRecord task = await steps.AddAsync(new SubmitOptions { MaxAttempts = 2 });
        await steps.ClaimAsync(task);
        Clock.Advance(Second);
        Assert.Equal(TaskState.Scheduled, (await steps.FailAsync(task.Id, TimeSpan.FromSeconds(5))).State);

        Assert.Equal(TimeSpan.FromSeconds(5), await steps.QueueDueAsync());
        Clock.Advance(TimeSpan.FromSeconds(5));
        await steps.QueueDueAsync();

        Assert.Equal(2, (await steps.ClaimAsync(task)).Status.Attempt);
    }

    [Fact]
    public async Task QueueDue_BackOffThatEndsBeforeTheMomentToRunAt_WaitsForThatToo()
    {
        StoreSteps steps = Create();
        TaskRecord task = await steps.AddAsync(new SubmitOptions { MaxAttempts = 2, RunAt = steps.Store.Now.Utc });
        await steps.ClaimAsync(task);
        await steps.FailAsync(task.Id, TimeSpan.FromSeconds(5));
        Clock.JumpWall(TimeSpan.FromHours(-1));
        Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(5), await steps.QueueDueAsync());
        Assert.Equal(TaskState.Scheduled, await steps.StateAsync(task.Id));
        Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(5));
        await steps.QueueDueAsync();

        Assert.Equal(TaskState.Queued, await steps.StateAsync(task.Id));
    }

    [Fact]
    public async Task QueueDue_ThousandsAtOnce_QueuesThemInTurnsAndInTheirOldPlaces()
    {
        StoreSteps steps = Create();
        TaskRecord[] late = await steps.AddManyAsync(1_000, new SubmitOptions { Delay = TimeSpan.FromSeconds(2) });
        TaskRecord[] early = await steps.AddManyAsync(1_000, new SubmitOptions { Delay = Second });
        TaskRecord ready = await steps.AddAsync();
        Clock.Advance(TimeSpan.FromSeconds(2));

        for (int turns = 0; await steps.QueueDueAsync() is not null; turns++)
        {
            Assert.InRange(turns, 0, 2_000);
        }

        var claimed = new TaskRecord[3_000];
        ClaimResult result = await steps.Store.ClaimAsync(StoreSteps.AnyClaim, claimed, CancellationToken.None);
        Assert.Equal(Ids([.. late, .. early, ready]), Ids(claimed[..result.Count]));
    }

    [Fact]
    public async Task QueueDue_TaskThatLeftOtherwise_IsNotQueued()
    {
        StoreSteps steps = Create();
        TaskRecord[] added = await steps.AddManyAsync(100, new SubmitOptions { Delay = Second });
        foreach (TaskRecord task in added[..98])
        {
            await steps.CancelAsync(task.Id);
        }

        await steps.MoveAsync(added[98].Id, LifecycleEvent.Pause());
        Clock.Advance(Second);

        Assert.Null(await steps.QueueDueAsync());
        Assert.Equal(Ids([added[99]]), Ids(await steps.ClaimAsync(100)));
        await steps.MoveAsync(added[98].Id, LifecycleEvent.Resume());
        await steps.ClaimAsync(added[98]); // due while it was held
    }
}
