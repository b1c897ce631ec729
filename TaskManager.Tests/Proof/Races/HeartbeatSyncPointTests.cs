using TaskManager.Tests.Core.Workers;

namespace TaskManager.Tests.Proof.Races;

/// <summary>What may happen between a heartbeat's look at a resumed attempt and the moment at which that goes on.</summary>
[Trait("Proof", "races")]
public sealed class HeartbeatSyncPointTests
{
    private SyncPointStore? _store;

    [Fact]
    public async Task Heartbeat_AnotherOneLetsATaskOfTheTypeGoOn_KeepsTheLimit()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord first = await StandAsync(fixture);
        TaskRecord second = await StandAsync(fixture);
        await fixture.Tasks.ResumeAsync(first.Id);
        await fixture.Tasks.ResumeAsync(second.Id);
        BeforeItGoesOn(async () => Assert.Equal(LeaseDirective.Continue, await fixture.HeartbeatAsync(second, isPaused: true)));

        Assert.Equal(LeaseDirective.Pause, await fixture.HeartbeatAsync(first, isPaused: true));

        Assert.Equal((TaskState.Queued, TaskState.Processing), (await StateAsync(fixture, first), await StateAsync(fixture, second)));
        await fixture.CompleteAsync(second);
        Assert.Equal(LeaseDirective.Continue, await fixture.HeartbeatAsync(first, isPaused: true));
        Assert.Equal(TaskState.Processing, await StateAsync(fixture, first));
    }

    [Fact]
    public async Task Heartbeat_ATaskOfTheTypeIsSubmitted_HasItsPlaceKept()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord standing = await StandAsync(fixture);
        await fixture.Tasks.ResumeAsync(standing.Id);
        BeforeItGoesOn(async () =>
        {
            await fixture.SubmitAsync(new SubmitOptions { Priority = TaskPriority.Critical });
            Assert.Empty(await fixture.ClaimAsync());
        });

        Assert.Equal(LeaseDirective.Continue, await fixture.HeartbeatAsync(standing, isPaused: true));

        Assert.Equal(1, (await _store!.CountAsync(CancellationToken.None)).ByState[TaskState.Processing]);
        Assert.Equal(TaskState.Processing, await StateAsync(fixture, standing));
    }

    [Fact]
    public async Task Heartbeat_TheWorkerIsStartedAnew_BeginsNoAttempt()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord standing = await StandAsync(fixture);
        await fixture.Tasks.ResumeAsync(standing.Id);
        BeforeItGoesOn(() => fixture.RegisterAsync(incarnation: "second")); // the task is anybody's from here on

        await fixture.HeartbeatAsync(standing, isPaused: true);

        TaskRecord free = await fixture.GetAsync(standing.Id);
        Assert.Equal((TaskState.Queued, 1), (free.State, free.Status.Attempt));
        TaskRecord claimed = Assert.Single(await fixture.ClaimAsync());
        Assert.Equal(2, claimed.Status.Attempt);
        Assert.NotEqual(standing.Status.Lease!.Token, claimed.Status.Lease!.Token);
    }

    private Task<WorkerFixture> CreateAsync() =>
        WorkerFixture.CreateAsync(type: type => type.MaxConcurrency = 1, around: inner => _store = new SyncPointStore(inner));

    /// <summary>Starts a task and lets it stand at a checkpoint.</summary>
    private static async Task<TaskRecord> StandAsync(WorkerFixture fixture)
    {
        TaskRecord claimed = await fixture.StartAsync();
        await fixture.Tasks.PauseAsync(claimed.Id);
        await fixture.HeartbeatAsync(claimed, isPaused: true);
        Assert.Equal(TaskState.Paused, await StateAsync(fixture, claimed));
        return claimed;
    }

    private static async Task<TaskState> StateAsync(WorkerFixture fixture, TaskRecord task) => (await fixture.GetAsync(task.Id)).State;

    private void BeforeItGoesOn(Func<Task> then) => _store!.BeforeUpdate = async status =>
    {
        if (status.State == TaskState.Processing)
        {
            _store.BeforeUpdate = null;
            await then().Patiently();
        }
    };
}
