namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task RemoveExpired_KeptForAsLongAsTheyShall_GoExactlyThen()
    {
        StoreSteps steps = Create(options => options.Retention = TimeSpan.FromMinutes(10));
        TaskRecord first = await steps.RunAsync();
        TaskRecord unfinished = await steps.ClaimAsync(await steps.AddAsync());
        Clock.Advance(TimeSpan.FromMinutes(1));
        TaskRecord second = await steps.RunAsync();

        Clock.Advance(TimeSpan.FromMinutes(9) - Tick);
        Assert.Equal(0, await steps.RemoveExpiredAsync());
        Clock.Advance(Tick);
        Assert.Equal(1, await steps.RemoveExpiredAsync());
        Assert.Equal(Ids([second, unfinished]), await steps.ListAsync(new TaskQuery()));
        Assert.Null(await steps.FindAsync(first.Id));
        Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(1, await steps.RemoveExpiredAsync());
        Assert.Equal(Ids([unfinished]), await steps.ListAsync(new TaskQuery()));
    }

    [Fact]
    public async Task RemoveExpired_WallClockJumps_GoesByTheSteadyClock()
    {
        StoreSteps steps = Create();
        await steps.RunAsync();

        Clock.JumpWall(TimeSpan.FromHours(10));
        Assert.Equal(0, await steps.RemoveExpiredAsync());
        Clock.JumpWall(TimeSpan.FromHours(-20));
        Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(1, await steps.RemoveExpiredAsync());
    }

    [Fact]
    public async Task RemoveExpired_Thousands_AllGo()
    {
        StoreSteps steps = Create();
        TaskRecord[] added = await steps.AddManyAsync(2_000);
        foreach (TaskRecord task in added)
        {
            LifecycleStatus cancelled = TaskLifecycle.Apply(task, LifecycleEvent.Cancel(), steps.Store.Now).Next!;
            await steps.Store.TryUpdateAsync(task, cancelled, CancellationToken.None);
        }

        Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(2_000, await steps.RemoveExpiredAsync());
        Assert.Empty(await steps.ListAsync(new TaskQuery()));
    }

    [Fact]
    public async Task MaxRetained_MoreHaveEnded_TheOneThatEndedFirstGoes()
    {
        StoreSteps steps = Create(options => options.MaxRetained = 2);
        TaskRecord[] added = await steps.AddManyAsync(4);
        await steps.ClaimAsync(4);
        await steps.CompleteAsync(added[3].Id);
        await steps.FailAsync(added[1].Id);
        Assert.Equal(4, (await steps.ListAsync(new TaskQuery())).Length);

        await steps.CompleteAsync(added[0].Id);
        Assert.Equal(Ids([added[2], added[1], added[0]]), await steps.ListAsync(new TaskQuery()));
        await steps.CompleteAsync(added[2].Id);

        Assert.Equal(Ids([added[2], added[0]]), await steps.ListAsync(new TaskQuery()));
    }

    [Fact]
    public async Task MaxRetained_TaskWasRetriedAndEndedAgain_CountsFromItsLastEnd()
    {
        StoreSteps steps = Create(options => options.MaxRetained = 2);
        TaskRecord[] added = await steps.AddManyAsync(3);
        await steps.CancelAsync(added[0].Id);
        await steps.CancelAsync(added[1].Id);
        await steps.RetryAsync(added[0].Id);
        await steps.CancelAsync(added[0].Id);

        await steps.CancelAsync(added[2].Id);

        Assert.Equal(Ids([added[2], added[0]]), await steps.ListAsync(new TaskQuery()));
    }

    [Fact]
    public async Task MaxRetained_RemovedAndRetriedTasks_CountNoMore()
    {
        StoreSteps steps = Create(options => options.MaxRetained = 2);
        TaskRecord[] added = await steps.AddManyAsync(4);
        await steps.CancelAsync(added[0].Id);
        await steps.CancelAsync(added[1].Id);
        await steps.RemoveAsync(added[0].Id);
        await steps.CancelAsync(added[2].Id);
        Assert.Equal(TaskState.Cancelled, await steps.StateAsync(added[1].Id));
        await steps.RetryAsync(added[2].Id);
        await steps.CancelAsync(added[3].Id);

        Assert.Equal(Ids([added[3], added[2], added[1]]), await steps.ListAsync(new TaskQuery()));
    }

    [Fact]
    public async Task MaxRetained_TasksBornCancelled_CountToo()
    {
        StoreSteps steps = Create(options => options.MaxRetained = 2);
        TaskRecord failed = await steps.CancelAsync((await steps.AddAsync()).Id);

        var born = new List<TaskRecord>();
        for (int i = 0; i < 4; i++)
        {
            born.Add(await steps.AddAsync(new SubmitOptions { DependsOn = [i == 0 ? failed.Id : born[^1].Id] }));
        }

        Assert.Equal(Ids([born[3], born[2]]), await steps.ListAsync(new TaskQuery()));
    }

    [Fact]
    public async Task MaxStoredBytes_ResultsTakeMore_TheOneThatEndedFirstGoes()
    {
        StoreSteps steps = Create(options => options.MaxStoredBytes = 100);
        TaskRecord[] added = await steps.AddManyAsync(3);
        await steps.ClaimAsync(3);
        await steps.CompleteAsync(added[1].Id, Bytes(50));
        await steps.CompleteAsync(added[0].Id, Bytes(50));
        Assert.Equal(3, (await steps.ListAsync(new TaskQuery())).Length);

        await steps.CompleteAsync(added[2].Id, Bytes(1));

        Assert.Equal(Ids([added[2], added[0]]), await steps.ListAsync(new TaskQuery()));
        Assert.Equal(51, (await steps.CountAsync()).StoredBytes);
    }

    [Fact]
    public async Task RemoveExpired_TaskThatOthersDependOn_GoesWithTheLastOfThem()
    {
        StoreSteps steps = Create();
        TaskRecord parent = await steps.RunAsync();
        TaskRecord first = await steps.AddAsync(new SubmitOptions { DependsOn = [parent.Id] });
        TaskRecord second = await steps.AddAsync(new SubmitOptions { DependsOn = [parent.Id] });
        Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(0, await steps.RemoveExpiredAsync());
        await steps.CancelAsync(first.Id);
        Assert.Equal(TaskState.Completed, await steps.StateAsync(parent.Id));
        await steps.CancelAsync(second.Id);

        Assert.Null(await steps.FindAsync(parent.Id));
        Assert.False(steps.Store.WasRemoved(parent.Id));
        Assert.Equal(1, (await steps.CountAsync()).Removed);
    }

    [Fact]
    public async Task RemoveExpired_OverdueTaskIsRetried_IsKeptAnew()
    {
        StoreSteps steps = Create();
        TaskRecord parent = await steps.CancelAsync((await steps.AddAsync()).Id);
        TaskRecord child = await steps.AddAsync(new SubmitOptions { DependsOn = [parent.Id], OnDependencyFailure = DependencyFailurePolicy.Run });
        Clock.Advance(TimeSpan.FromMinutes(10));
        await steps.RemoveExpiredAsync();
        await steps.RetryAsync(parent.Id);
        await steps.CancelAsync(child.Id);
        Assert.Equal(TaskState.Queued, await steps.StateAsync(parent.Id));
        await steps.CancelAsync(parent.Id);

        Clock.Advance(TimeSpan.FromMinutes(10) - Tick);
        Assert.Equal(0, await steps.RemoveExpiredAsync());
        Clock.Advance(Tick);
        Assert.Equal(2, await steps.RemoveExpiredAsync());
    }
}
