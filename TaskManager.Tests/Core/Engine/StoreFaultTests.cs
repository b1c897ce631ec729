using TaskManager.Tests.Proof.Races;

namespace TaskManager.Tests.Core.Engine;

/// <summary>A store that throws once, wherever the pool asks it: nothing is lost, and no slot.</summary>
public sealed class StoreFaultTests
{
    [Fact]
    public async Task Claim_StoreThrowsOnce_TheSlotClaimsAgain()
    {
        await using var points = Create((_, _) => Task.FromResult("done"));
        points.Store.BeforeClaim = () =>
        {
            points.Store.BeforeClaim = null;
            throw Fault();
        };

        Assert.Equal("done", await RunAsync(points));
        await AssertNothingIsLeftAsync(points);
    }

    [Fact]
    public async Task LookAfterTheClaim_StoreThrowsOnce_TheHandlerIsEntered()
    {
        await using var points = Create((_, _) => Task.FromResult("done"));
        points.AfterClaim(record =>
        {
            points.AfterFind(record.Id, pass: 0, () => throw Fault());
            return Task.CompletedTask;
        });

        Assert.Equal("done", await RunAsync(points));
        await AssertNothingIsLeftAsync(points);
    }

    [Fact]
    public async Task End_StoreThrowsOnce_TheResultIsKept()
    {
        await using var points = Create((_, _) => Task.FromResult("done"));
        points.BeforeUpdate(status => status.State == TaskState.Completed, () => throw Fault());

        Assert.Equal("done", await RunAsync(points));
        await AssertNothingIsLeftAsync(points);
    }

    [Fact]
    public async Task Checkpoint_StoreThrowsOnce_Stands()
    {
        int checkpoints = 0;
        await using var points = Create(async (_, context) =>
        {
            while (!context.CancellationToken.IsCancellationRequested)
            {
                await context.CheckpointAsync();
                Interlocked.Increment(ref checkpoints);
                await Task.Yield();
            }

            return "stopped";
        });
        TaskHandle<string> handle = await points.Fixture.SubmitAsync();
        await Patience.UntilAsync(() => Volatile.Read(ref checkpoints) > 0);
        int faults = 0;
        points.BeforeUpdate(status => status.IsSuspended, () =>
        {
            faults++;
            throw Fault();
        });

        await handle.PauseAsync();

        Assert.True((await handle.WhenAsync(TaskState.Paused).Patiently()).Status.IsSuspended);
        Assert.Equal(1, faults);
        await handle.CancelAsync();
        await handle.WhenEndedAsync().Patiently();
        await AssertNothingIsLeftAsync(points);
    }

    [Fact]
    public async Task Checkpoint_StoreSuspendsButThrowsForAMinute_AResumeEntersNoHandlerTwice()
    {
        var arrived = new Gate();
        var left = new Gate();
        await using var points = SyncPoints.Create(async (work, context) =>
        {
            await arrived.HandleAsync(work, context);
            await context.CheckpointAsync();
            return await left.HandleAsync(work, context);
        });
        TaskHandle<string> handle = await points.Fixture.SubmitAsync();
        await arrived.Entered;
        await handle.PauseAsync();
        points.AfterUpdate(status => status.IsSuspended, () =>
        {
            points.Store.AfterFind = id => id == handle.Id ? throw Fault() : ValueTask.CompletedTask;
            throw Fault();
        });

        arrived.Open();
        await Patience.UntilAsync(() =>
        {
            points.Fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            return left.Entries == 1; // it was not told to stand
        });
        points.Store.AfterFind = null;
        Assert.True((await handle.GetAsync())!.Value.Status.IsSuspended);
        await handle.ResumeAsync();
        await handle.WhenAsync(TaskState.Processing).Patiently();
        await Patience.UntilAsync(() => points.Fixture.Pool.Status is { Busy: 1, Suspended: 0 } && !points.Fixture.WorkerPool.IsClaiming);
        left.Open();

        Assert.Equal("done", await handle.WaitAsync().Patiently());
        Assert.Equal((1, 1), (arrived.Entries, left.Entries));
        await AssertNothingIsLeftAsync(points);
    }

    [Fact]
    public async Task Checkpoint_StoreSuspendsButThrowsForAMinute_TheNextCheckpointStands()
    {
        var arrived = new Gate();
        var between = new Gate();
        await using var points = Create(async (work, context) =>
        {
            await arrived.HandleAsync(work, context);
            await context.CheckpointAsync();
            await between.HandleAsync(work, context);
            await context.CheckpointAsync();
            return "done";
        });
        TaskHandle<string> handle = await points.Fixture.SubmitAsync();
        await arrived.Entered;
        await handle.PauseAsync();
        points.AfterUpdate(status => status.IsSuspended, () =>
        {
            points.Store.AfterFind = id => id == handle.Id ? throw Fault() : ValueTask.CompletedTask;
            throw Fault();
        });

        arrived.Open();
        await Patience.UntilAsync(() =>
        {
            points.Fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            return between.Entries == 1;
        });
        points.Store.AfterFind = null;
        between.Open();
        await Patience.UntilAsync(() => points.Fixture.Pool.Status is { Busy: 0, Suspended: 1 });
        await handle.ResumeAsync();

        Assert.Equal("done", await handle.WaitAsync().Patiently());
        Assert.Equal((1, 1), (arrived.Entries, between.Entries));
        await AssertNothingIsLeftAsync(points);
    }

    [Fact]
    public async Task TimeOut_StoreThrowsOnce_FiresWithTheNextSweepAndForTheOthersAtOnce()
    {
        await using var points = SyncPoints.Create(async (_, context) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.Clock, context.CancellationToken);
            return "never";
        });
        var options = new SubmitOptions { Timeout = TimeSpan.FromMinutes(1) };
        TaskHandle<string>[] handles = [await points.Fixture.SubmitAsync(options: options), await points.Fixture.SubmitAsync(options: options)];
        await Task.WhenAll(handles.Select(handle => handle.WhenAsync(TaskState.Processing))).Patiently();
        await Patience.UntilAsync(() => points.Fixture.Pool.Status.Busy == 2 && !points.Fixture.WorkerPool.IsClaiming);
        points.BeforeUpdate(status => status.TimeoutFired, () => throw Fault());

        points.Fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TaskState.TimedOut, (await Task.WhenAny(handles.Select(handle => handle.WhenEndedAsync())).Unwrap().Patiently()).State);
        points.Fixture.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.All(await Task.WhenAll(handles.Select(handle => handle.WhenEndedAsync())).Patiently(), record => Assert.Equal(TaskState.TimedOut, record.State));
        await AssertNothingIsLeftAsync(points);
    }

    private static SyncPoints Create(Func<Work, TaskContext, Task<string>> handler) => SyncPoints.Create(handler, options => options.MaxConcurrency = 1);

    private static InvalidOperationException Fault() => new("the store is away");

    private static async Task<string> RunAsync(SyncPoints points) => await (await points.Fixture.SubmitAsync()).WaitAsync().Patiently();

    private static Task AssertNothingIsLeftAsync(SyncPoints points) =>
        Patience.UntilAsync(() => points.Fixture.Pool.Status is { Busy: 0, Suspended: 0, Abandoned: 0 } && !points.Fixture.WorkerPool.IsClaiming);
}
