namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task ReportProgress_LiveAttempt_KeepsTheLatestAndRaisesNoVersion()
    {
        StoreSteps steps = Create();
        TaskRecord claimed = await steps.ClaimAsync(await steps.AddAsync());
        int told = steps.Changes.Length;

        Assert.True(await ReportAsync(steps, claimed, step: 1));
        Assert.True(await ReportAsync(steps, claimed, step: 2));

        TaskRecord found = (await steps.FindAsync(claimed.Id))!.Value;
        Assert.Equal((2d, 2L), (found.Progress!.Step, found.Progress.Count));
        Assert.Equal((claimed.Status, told), (found.Status, steps.Changes.Length));
        await steps.SuspendAsync(claimed);
        Assert.True(await ReportAsync(steps, claimed, step: 3)); // it stands at a checkpoint, and lives
    }

    [Fact]
    public async Task ReportProgress_AttemptThatIsNotTheLiveOne_ChangesNothing()
    {
        StoreSteps steps = Create();
        TaskRecord added = await steps.AddAsync(new SubmitOptions { MaxAttempts = 3 });
        Assert.False(await ReportAsync(steps, added, step: 1)); // none has begun
        TaskRecord first = await steps.ClaimAsync(added);
        await ReportAsync(steps, first, step: 1);
        await steps.FailAsync(added.Id, TimeSpan.Zero);
        Assert.False(await ReportAsync(steps, first, step: 2));
        TaskRecord second = await steps.ClaimAsync(added);

        Assert.False(await ReportAsync(steps, first, step: 2));
        Assert.False(await ReportAsync(steps, second with { Status = second.Status with { Attempt = 3 } }, step: 2));
        Assert.Equal(1, (await steps.FindAsync(added.Id))!.Value.Progress!.Step);
        await steps.CompleteAsync(added.Id);
        Assert.False(await ReportAsync(steps, second, step: 2));

        Assert.Equal(1, (await steps.FindAsync(added.Id))!.Value.Progress!.Step);
        Assert.False(await ReportAsync(steps, await Create().AddAsync(), step: 1));
    }

    [Fact]
    public async Task ReportProgress_Retry_BeginsAnew()
    {
        StoreSteps steps = Create();
        TaskRecord first = await steps.ClaimAsync(await steps.AddAsync());
        await ReportAsync(steps, first, step: 1);
        await steps.FailAsync(first.Id);
        await steps.RetryAsync(first.Id);
        Assert.Null((await steps.FindAsync(first.Id))!.Value.Progress);

        await ReportAsync(steps, await steps.ClaimAsync(first), step: 5);

        Assert.Equal(1, (await steps.FindAsync(first.Id))!.Value.Progress!.Count);
    }

    private static async Task<bool> ReportAsync(StoreSteps steps, TaskRecord task, double step) =>
        await steps.Store.ReportProgressAsync(task.Id, task.Status.Attempt, new TaskProgress(step, 10), CancellationToken.None);
}
