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
        points.Fixture.Pool.Stop();
        Task<string> ending = (await points.Fixture.SubmitAsync()).WaitAsync(); // its own look must not be the one that throws
        points.Fixture.Pool.Start();

        Assert.Equal("done", await ending.Patiently());
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
        var flow = new Flow();
        await using var points = SyncPoints.Create(flow.HandleAsync);
        TaskHandle<string> handle = await flow.SuspendUnseenAsync(points);
        Assert.Equal((1, 0), (points.Fixture.Pool.Status.Busy, points.Fixture.Pool.Status.Suspended)); // it goes on, and takes no place of those that stand

        await handle.ResumeAsync();
        await handle.WhenAsync(TaskState.Processing).Patiently();
        await UntilClaimsAreOverAsync(points);
        flow.LetEnd();

        await AssertEndsAfterOneEntryAsync(points, flow, handle);
    }

    [Fact]
    public async Task Checkpoint_StoreSuspendsButThrowsForAMinute_TheNextCheckpointStands()
    {
        var flow = new Flow();
        await using var points = Create(flow.HandleAsync);
        TaskHandle<string> handle = await flow.SuspendUnseenAsync(points);

        flow.LetEnd();
        await Patience.UntilAsync(() => points.Fixture.Pool.Status is { Busy: 0, Suspended: 1 });
        await handle.ResumeAsync();

        await AssertEndsAfterOneEntryAsync(points, flow, handle);
    }

    [Fact]
    public async Task Checkpoint_StoreSuspendsButThrowsForAMinute_AResumeThatWaitsForASlotFindsItPastTheNextCheckpoint()
    {
        var other = new Gate();
        var flow = new Flow();
        await using var points = SyncPoints.Create(
            (work, context) => work.Name == "other" ? other.HandleAsync(work, context) : flow.HandleAsync(work, context), options => options.MaxConcurrency = 2);
        TaskHandle<string> handle = await flow.SuspendUnseenAsync(points);
        TaskHandle<string> running = await points.Fixture.SubmitAsync("other");
        await other.Entered;
        await handle.ResumeAsync(); // both slots are busy, one of them with the attempt itself

        flow.LetPassAnotherCheckpoint();
        await flow.PassedAnother;
        other.Open();
        await running.WhenEndedAsync().Patiently();
        await handle.WhenAsync(TaskState.Processing).Patiently();
        await UntilClaimsAreOverAsync(points);
        flow.LetEnd();

        await AssertEndsAfterOneEntryAsync(points, flow, handle);
    }

    [Fact]
    public async Task Checkpoint_ResumedAndPausedAgainBeforeTheStoreAnswers_StandsAtTheNext()
    {
        var flow = new Flow();
        await using var points = SyncPoints.Create(flow.HandleAsync);
        TaskHandle<string> handle = await flow.ArriveAsync(points);
        points.AfterUpdate(status => status.IsSuspended, () =>
        {
            points.BeforeUpdate(status => status.IsSuspended, async () =>
            {
                await handle.ResumeAsync();
                await Patience.UntilAsync(() => points.Fixture.Pool.Status is { Busy: 1, Suspended: 0 }); // goes on in the slot that was claimed for it
                await handle.PauseAsync();
            });
            throw Fault();
        });

        flow.LetPass();
        await flow.Passed;
        Assert.True((await handle.GetAsync())!.Value.Status.IsSuspended); // for the second time, and the attempt runs
        flow.LetEnd();
        await Patience.UntilAsync(() => points.Fixture.Pool.Status is { Busy: 0, Suspended: 1 });
        await handle.ResumeAsync();

        await AssertEndsAfterOneEntryAsync(points, flow, handle);
    }

    [Fact]
    public async Task TimeOut_StoreThrowsOnce_FiresWithTheNextSweepAndForTheOthersAtOnce()
    {
        int entered = 0;
        await using var points = SyncPoints.Create(async (_, context) =>
        {
            Interlocked.Increment(ref entered);
            await Task.Delay(Timeout.InfiniteTimeSpan, context.Clock, context.CancellationToken);
            return "never";
        });
        var options = new SubmitOptions { Timeout = TimeSpan.FromMinutes(1) };
        TaskHandle<string>[] handles = [await points.Fixture.SubmitAsync(options: options), await points.Fixture.SubmitAsync(options: options)];
        await Patience.UntilAsync(() => Volatile.Read(ref entered) == 2); // by now the deadlines are set
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

    private static async Task AssertEndsAfterOneEntryAsync(SyncPoints points, Flow flow, TaskHandle<string> handle)
    {
        Assert.Equal("done", await handle.WaitAsync().Patiently());
        Assert.Equal(1, flow.Entries);
        await AssertNothingIsLeftAsync(points);
    }

    private static Task UntilClaimsAreOverAsync(SyncPoints points) =>
        Patience.UntilAsync(() => !points.Fixture.WorkerPool.IsClaiming && points.Fixture.Pool.Status is { Busy: 1, Suspended: 0 });

    private static Task AssertNothingIsLeftAsync(SyncPoints points) =>
        Patience.UntilAsync(() => !points.Fixture.WorkerPool.IsClaiming && points.Fixture.Pool.Status is { Busy: 0, Suspended: 0, Abandoned: 0 });

    /// <summary>A handler with a checkpoint, as many more as a test wants, and one before its end.</summary>
    private sealed class Flow
    {
        private readonly Gate _first = new();
        private readonly Gate _another = new();
        private readonly Gate _last = new();

        public int Entries => _first.Entries;

        /// <summary>Gets a task that ends when the first checkpoint is passed.</summary>
        public Task Passed => _another.Entered;

        /// <summary>Gets a task that ends when the one after that is passed too.</summary>
        public Task PassedAnother => _last.Entered;

        public void LetPass() => _first.Open();

        public void LetPassAnotherCheckpoint() => _another.Open();

        public void LetEnd()
        {
            _another.Open();
            _last.Open();
        }

        public async Task<string> HandleAsync(Work work, TaskContext context)
        {
            await _first.HandleAsync(work, context);
            await context.CheckpointAsync();
            await _another.HandleAsync(work, context);
            await context.CheckpointAsync();
            return await _last.HandleAsync(work, context);
        }

        /// <summary>Submits the task, lets it come close to its first checkpoint, and asks it to pause.</summary>
        public async Task<TaskHandle<string>> ArriveAsync(SyncPoints points)
        {
            TaskHandle<string> handle = await points.Fixture.SubmitAsync();
            await _first.Entered;
            await handle.PauseAsync();
            return handle;
        }

        /// <summary>Lets the store suspend the task at its first checkpoint and throw for as long as it is asked, so that the handler goes on.</summary>
        public async Task<TaskHandle<string>> SuspendUnseenAsync(SyncPoints points)
        {
            TaskHandle<string> handle = await ArriveAsync(points);
            var isSuspended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            points.AfterUpdate(status => status.IsSuspended, () =>
            {
                isSuspended.SetResult();
                points.Store.AfterFind = id => id == handle.Id ? throw Fault() : ValueTask.CompletedTask;
                throw Fault();
            });
            LetPass();
            await isSuspended.Task.Patiently(); // before that, the clock would bring the time-out
            await Patience.UntilAsync(() =>
            {
                points.Fixture.Clock.Advance(TimeSpan.FromSeconds(1));
                return _another.Entries == 1; // it was not told to stand
            });
            points.Store.AfterFind = null;
            Assert.True((await handle.GetAsync())!.Value.Status.IsSuspended);
            return handle;
        }
    }
}
