using TaskManager.Tests.Proof.Races;
using static TaskManager.Tests.Core.Workers.WorkerFixture;

namespace TaskManager.Tests.Core.Workers;

/// <summary>An attempt that stands still at its worker's is as much that worker's as one that runs.</summary>
public sealed class StandingLeaseTests
{
    private SyncPointStore? _store;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_WhileItStands_TheWorkIsKept(bool isResumed)
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord standing = await StandAsync(fixture, isResumed);
        Assert.Equal(MoveOutcome.Applied, (await fixture.CompleteAsync(standing, "9")).Outcome);
        Assert.Equal(TaskState.Completed, (await fixture.GetAsync(standing.Id)).State);
        Assert.Empty(Assert.Single(fixture.Workers.List()).TaskIds);
    }

    [Fact]
    public async Task Fail_WhileItStands_IsAFailure()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord standing = await StandAsync(fixture);
        Assert.Equal(MoveOutcome.Applied, (await fixture.FailAsync(standing, isRetryable: false)).Outcome);
        Assert.Equal((TaskState.Failed, "broken"), ((await fixture.GetAsync(standing.Id)).State, (await fixture.GetAsync(standing.Id)).Status.Error!.Code));
    }

    [Fact]
    public async Task Release_WhileItStands_IsHeldAndGoesOnElsewhere()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord standing = await StandAsync(fixture);
        Assert.Equal(MoveOutcome.Applied, (await fixture.ReleaseAsync(standing, Payload("5"))).Outcome);
        Assert.Equal(TaskState.Paused, (await fixture.GetAsync(standing.Id)).State);
        await fixture.Tasks.ResumeAsync(standing.Id);
        TaskRecord next = Assert.Single(await fixture.ClaimAsync());
        Assert.Equal((2, 0), (next.Status.Attempt, next.Status.Rescues));
        Assert.Equal("5"u8.ToArray(), next.Status.Checkpoint!.Utf8.ToArray());
    }

    [Fact]
    public async Task Leave_WhileItStands_CostsNothingHoweverOften()
    {
        await using WorkerFixture fixture = await CreateAsync(options => options.MaxRescues = 0);
        Guid id = await fixture.SubmitAsync();
        for (int starts = 0; starts < 3; starts++)
        {
            await fixture.RegisterAsync(incarnation: $"start {starts}");
            TaskRecord claimed = Assert.Single(await fixture.ClaimAsync());
            await fixture.Tasks.PauseAsync(id);
            await fixture.HeartbeatAsync(claimed, isPaused: true);
            await fixture.Workers.LeaveAsync(Worker, incarnation: null);
            TaskRecord back = await fixture.GetAsync(id);
            Assert.Equal((TaskState.Paused, 0, AttemptOutcome.Released), (back.State, back.Status.Rescues, back.Attempts()[^1].Outcome));
            Assert.False(back.Status.HasLiveAttempt);
            await fixture.Tasks.ResumeAsync(id);
        }
    }

    [Fact]
    public async Task Leave_ThatFailedAndTheSameStartRegistersAgain_StillHasWhatItHolds()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        _store!.BeforeUpdate = _ =>
        {
            _store.BeforeUpdate = null;
            throw new IOException("The store is away.");
        };
        await Assert.ThrowsAsync<IOException>(() => fixture.Workers.LeaveAsync(Worker, incarnation: null).AsTask());
        await fixture.RegisterAsync();
        Assert.Equal(LeaseDirective.Continue, await fixture.HeartbeatAsync(claimed));
        Assert.Equal([claimed.Id], Assert.Single(fixture.Workers.List()).TaskIds);
        Task<LeaseDirective?> hanging = fixture.HeartbeatAsync(claimed, wait: Lease);
        await fixture.Tasks.CancelAsync(claimed.Id);
        Assert.Equal(LeaseDirective.Cancel, await hanging.Patiently());
    }

    [Fact]
    public async Task Leave_WhoseRequestIsGivenUpHalfway_GivesAllBack()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord[] claimed = [await fixture.StartAsync(), await fixture.StartAsync()];
        using var request = new CancellationTokenSource();
        GiveUpAtTheFirstUpdate(request);
        await fixture.Workers.LeaveAsync(Worker, incarnation: null, request.Token);
        Assert.All(claimed, task => Assert.Equal(TaskState.Queued, fixture.GetAsync(task.Id).Result.State));
    }

    [Fact]
    public async Task Register_AnewAndTheRequestIsGivenUpHalfway_FreesAll()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord[] claimed = [await fixture.StartAsync(), await fixture.StartAsync()];
        using var request = new CancellationTokenSource();
        GiveUpAtTheFirstUpdate(request);
        await fixture.Workers.RegisterAsync(new WorkerRegistration(Worker, "second", [TypeName]), request.Token);
        Assert.All(claimed, task => Assert.Equal(TaskState.Queued, fixture.GetAsync(task.Id).Result.State));
    }

    private void GiveUpAtTheFirstUpdate(CancellationTokenSource request) => _store!.BeforeUpdate = _ =>
    {
        _store.BeforeUpdate = null;
        return new ValueTask(request.CancelAsync());
    };

    private Task<WorkerFixture> CreateAsync(Action<TaskManagerOptions>? configure = null) =>
        WorkerFixture.CreateAsync(configure, around: inner => _store = new SyncPointStore(inner));

    private static async Task<TaskRecord> StandAsync(WorkerFixture fixture, bool isResumed = false)
    {
        TaskRecord claimed = await fixture.StartAsync();
        await fixture.Tasks.PauseAsync(claimed.Id);
        await fixture.HeartbeatAsync(claimed, isPaused: true);
        if (isResumed)
        {
            await fixture.Tasks.ResumeAsync(claimed.Id);
        }

        Assert.Equal(isResumed ? TaskState.Queued : TaskState.Paused, (await fixture.GetAsync(claimed.Id)).State);
        return claimed;
    }
}
