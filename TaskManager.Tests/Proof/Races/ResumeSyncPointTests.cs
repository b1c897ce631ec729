using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Races;

/// <summary>The end of a resumed attempt that meets the claim by which it was to go on.</summary>
[Trait("Proof", "races")]
public sealed class ResumeSyncPointTests
{
    private int _entries;

    [Fact]
    public async Task Cancel_JustAfterTheClaimAndEndedBeforeItIsKnown_IsNotEnteredAgain()
    {
        await using var points = SyncPoints.Create(StandAsync, options => options.MaxConcurrency = 1);
        TaskHandle<string> handle = await SuspendAsync(points);
        points.AfterClaim(async _ =>
        {
            await handle.CancelAsync();
            await handle.WhenEndedAsync();
            await Patience.UntilAsync(() => points.Fixture.Pool.Status.Suspended == 0);
        });

        await handle.ResumeAsync();

        Assert.Equal(TaskState.Cancelled, (await handle.WhenEndedAsync().Patiently()).State);
        await AssertTheSlotIsFreeAsync(points);
        Assert.Equal(2, _entries); // the other task's is the second
    }

    [Fact]
    public async Task Cancel_JustAfterTheClaimAndEndedAsItGoesOn_FreesTheSlot()
    {
        var isEnding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hasGoneOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var points = SyncPoints.Create(StandAsync, options => options.MaxConcurrency = 1);
        TaskHandle<string> handle = await SuspendAsync(points);
        points.BeforeUpdate(status => status.State == TaskState.Cancelled, () =>
        {
            isEnding.SetResult();
            return hasGoneOn.Task;
        });
        points.AfterClaim(async _ =>
        {
            await handle.CancelAsync();
            await isEnding.Task;
            points.AfterFind(handle.Id, pass: 0, () => Task.FromResult(hasGoneOn.TrySetResult()));
        });

        await handle.ResumeAsync();

        Assert.Equal(TaskState.Cancelled, (await handle.WhenEndedAsync().Patiently()).State);
        await AssertTheSlotIsFreeAsync(points);
        Assert.Equal(2, _entries);
    }

    [Fact]
    public async Task Resume_BeforeTheStandIsKnownToHold_GoesOnInAnotherSlot()
    {
        await using var points = SyncPoints.Create(StandAsync, options => options.MaxConcurrency = 2);
        TaskHandle<string> handle = await HoldAsync(points);
        points.AfterUpdate(status => status.IsSuspended, async () =>
        {
            await handle.ResumeAsync();
            await Patience.UntilAsync(() => points.Fixture.Pool.Status is { Busy: 1, Suspended: 0 });
        });
        points.Fixture.Pool.Start();

        Assert.Equal("done", await handle.WaitAsync().Patiently());
        await AssertTheSlotIsFreeAsync(points);
        Assert.Equal(2, _entries);
    }

    private static async Task AssertTheSlotIsFreeAsync(SyncPoints points)
    {
        Assert.Equal("done", await (await points.Fixture.SubmitAsync("other")).WaitAsync().Patiently());
        await Patience.UntilAsync(() => points.Fixture.Pool.Status is { Busy: 0, Suspended: 0, Abandoned: 0 });
    }

    private async Task<string> StandAsync(Work task, TaskContext context)
    {
        Interlocked.Increment(ref _entries);
        await context.CheckpointAsync();
        return "done";
    }

    private static async Task<TaskHandle<string>> SuspendAsync(SyncPoints points)
    {
        TaskHandle<string> handle = await HoldAsync(points);
        points.Fixture.Pool.Start();
        await handle.WhenAsync(TaskState.Paused).Patiently();
        await Patience.UntilAsync(() => points.Fixture.Pool.Status is { Busy: 0, Suspended: 1 });
        return handle;
    }

    /// <summary>Submits a task that will be asked to pause as soon as the pool claims it.</summary>
    private static async Task<TaskHandle<string>> HoldAsync(SyncPoints points)
    {
        points.Fixture.Engine.Start();
        points.Fixture.Pool.Stop();
        TaskHandle<string> handle = await points.Fixture.SubmitAsync();
        points.AfterClaim(_ => handle.PauseAsync().AsTask());
        return handle;
    }
}
