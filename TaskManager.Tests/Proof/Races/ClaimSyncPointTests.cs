using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Races;

/// <summary>Requests that meet the claim of the same task, in both orders.</summary>
[Trait("Proof", "races")]
public sealed class ClaimSyncPointTests
{
    [Fact]
    public async Task Cancel_JustBeforeTheClaim_IsNeverEntered()
    {
        var gate = new Gate();
        await using var points = SyncPoints.Create(gate.HandleAsync, OneSlot);
        TaskHandle<string> handle = await SubmitHeldAsync(points);
        points.Store.BeforeClaim = async () =>
        {
            points.Store.BeforeClaim = null;
            await handle.CancelAsync();
        };

        points.Fixture.Pool.Start();

        Assert.Equal(TaskState.Cancelled, (await handle.WhenEndedAsync().Patiently()).State);
        await points.Fixture.Tasks.WhenIdleAsync().Patiently();
        Assert.Equal(0, gate.Entries);
    }

    [Fact]
    public async Task Cancel_JustAfterTheClaim_FiresTheToken()
    {
        var gate = new Gate();
        await using var points = SyncPoints.Create(gate.HandleAsync);
        TaskHandle<string> handle = await SubmitHeldAsync(points);
        points.AfterClaim(async _ => Assert.Equal(TaskState.Processing, (await handle.CancelAsync()).Record.State));

        points.Fixture.Pool.Start();

        Assert.Equal(TaskState.Cancelled, (await handle.WhenEndedAsync().Patiently()).State); // it would never end without its token
    }

    [Fact]
    public async Task Pause_JustBeforeTheClaim_DoesNotRunUntilItIsResumed()
    {
        var gate = new Gate();
        await using var points = SyncPoints.Create(gate.HandleAsync, OneSlot);
        TaskHandle<string> handle = await SubmitHeldAsync(points);
        points.Store.BeforeClaim = async () =>
        {
            points.Store.BeforeClaim = null;
            await handle.PauseAsync();
        };

        points.Fixture.Pool.Start();
        await handle.WhenAsync(TaskState.Paused).Patiently();
        await points.Fixture.Tasks.WhenIdleAsync().Patiently();

        Assert.Equal(0, gate.Entries);
        await handle.ResumeAsync();
        gate.Open();
        Assert.Equal("done", await handle.WaitAsync().Patiently());
        Assert.Equal(1, gate.Entries);
    }

    [Fact]
    public async Task Pause_JustAfterTheClaim_IsFeltAtTheFirstCheckpointAndGivesTheSlotAway()
    {
        await using var points = SyncPoints.Create(
            async (_, context) =>
            {
                await context.CheckpointAsync(); // while the consumer of the slot is still inside the handler
                return "done";
            },
            options => options.MaxConcurrency = 1);
        TaskHandle<string> handle = await SubmitHeldAsync(points);
        points.AfterClaim(async _ => Assert.True((await handle.PauseAsync()).Record.Status.PauseRequested));

        points.Fixture.Pool.Start();

        Assert.True((await handle.WhenAsync(TaskState.Paused).Patiently()).Status.IsSuspended);
        Assert.Equal("done", await (await points.Fixture.SubmitAsync("other")).WaitAsync().Patiently());
        await handle.ResumeAsync();
        Assert.Equal("done", await handle.WaitAsync().Patiently());
    }

    [Fact]
    public async Task Cancel_JustAfterTheClaimOfAResumedAttempt_AbandonsAHandlerThatIgnoresIt()
    {
        var gate = new Gate();
        await using var points = SyncPoints.Create(async (task, context) =>
        {
            try
            {
                await context.CheckpointAsync();
            }
            catch (OperationCanceledException)
            {
                // as a handler should not
            }

            return await gate.HandleStubbornlyAsync(task, context);
        });
        TaskHandle<string> handle = await SuspendAsync(points, Timeout.InfiniteTimeSpan);
        points.AfterClaim(_ => handle.CancelAsync().AsTask());

        await handle.ResumeAsync();
        await gate.Entered;
        points.Fixture.Clock.Advance(TimeSpan.FromSeconds(30));

        TaskRecord ended = await handle.WhenEndedAsync().Patiently();
        Assert.Equal((TaskState.Cancelled, TaskErrorCodes.Abandoned), (ended.State, ended.Status.Error?.Code));
        gate.Open();
    }

    [Fact]
    public async Task Resume_AsTheOldTimeOutPasses_DoesNotFireIt()
    {
        var gate = new Gate();
        await using var points = SyncPoints.Create(async (task, context) =>
        {
            await context.CheckpointAsync();
            return await gate.HandleAsync(task, context);
        });
        TaskHandle<string> handle = await SuspendAsync(points, TimeSpan.FromSeconds(10));
        points.AfterClaim(_ =>
        {
            points.Fixture.Clock.Advance(TimeSpan.FromSeconds(9.5)); // it stood still from the beginning, and so did its run clock
            return Task.CompletedTask;
        });
        points.Fixture.Clock.Advance(TimeSpan.FromSeconds(5));

        await handle.ResumeAsync();
        await gate.Entered;

        Assert.False((await handle.GetAsync())!.Value.Status.TimeoutFired);
        gate.Open();
        Assert.Equal("done", await handle.WaitAsync().Patiently());
    }

    /// <summary>Or another slot would claim while the first stands at its point.</summary>
    private static void OneSlot(TaskManagerOptions options) => options.MaxConcurrency = 1;

    /// <summary>Submits a task that no pool claims yet.</summary>
    private static async Task<TaskHandle<string>> SubmitHeldAsync(SyncPoints points)
    {
        points.Fixture.Engine.Start();
        points.Fixture.Pool.Stop();
        return await points.Fixture.SubmitAsync();
    }

    /// <summary>Submits a task and lets it stand at its first checkpoint.</summary>
    private static async Task<TaskHandle<string>> SuspendAsync(SyncPoints points, TimeSpan timeout)
    {
        points.Fixture.Engine.Start();
        points.Fixture.Pool.Stop();
        TaskHandle<string> handle = await points.Fixture.SubmitAsync(options: new SubmitOptions { Timeout = timeout });
        points.AfterClaim(_ => handle.PauseAsync().AsTask());
        points.Fixture.Pool.Start();
        await handle.WhenAsync(TaskState.Paused).Patiently();
        await Patience.UntilAsync(() => points.Fixture.Pool.Status is { Busy: 0, Suspended: 1 });
        return handle;
    }
}
