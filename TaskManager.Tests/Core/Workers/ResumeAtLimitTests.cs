using static TaskManager.Tests.Core.Workers.WorkerFixture;

namespace TaskManager.Tests.Core.Workers;

/// <summary>An attempt that was resumed at its worker and waits for a place of its type, under a backlog that never ends.</summary>
public sealed class ResumeAtLimitTests
{
    private const string Other = "worker-2-cpu";

    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Resume_PlaceBecomesFree_IsKeptForItThoughClaimsHang()
    {
        await using WorkerFixture fixture = await CreateAsync();
        (TaskRecord resumed, TaskRecord running) = await ResumeBesideAsync(fixture);
        Guid backlog = await fixture.SubmitAsync();
        Task<ClaimAnswer> claiming = fixture.Workers.ClaimAsync(Other, incarnation: null, 1, LongWait).AsTask();
        Assert.Equal(LeaseDirective.Pause, await fixture.HeartbeatAsync(resumed, isPaused: true));

        await fixture.CompleteAsync(running);

        Assert.Empty(await fixture.ClaimAsync(max: 10, Other));
        Assert.Equal(LeaseDirective.Continue, await fixture.HeartbeatAsync(resumed, isPaused: true));
        Assert.False(claiming.IsCompleted);
        await fixture.CompleteAsync(resumed);
        Assert.Equal(backlog, Assert.Single((await claiming.Patiently()).Tasks).Id);
    }

    [Fact]
    public async Task Resume_HeartbeatHangs_GoesOnAsSoonAsThereIsAPlace()
    {
        await using WorkerFixture fixture = await CreateAsync();
        (TaskRecord resumed, TaskRecord running) = await ResumeBesideAsync(fixture);
        Assert.Equal(LeaseDirective.Pause, await fixture.HeartbeatAsync(resumed, isPaused: true));
        Task<LeaseDirective?> hanging = fixture.HeartbeatAsync(resumed, isPaused: true, wait: LongWait);
        Assert.False(hanging.IsCompleted);
        await fixture.Workers.CompleteAsync(running.Id, ProofOf(running), Payload("1"));
        Assert.Equal(LeaseDirective.Continue, await hanging.Patiently());
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("complete")]
    [InlineData("release")]
    [InlineData("leave")]
    public async Task Resume_ThatIsTakenBack_LetsAHangingClaimHaveThePlace(string how)
    {
        await using WorkerFixture fixture = await CreateAsync();
        (TaskRecord resumed, TaskRecord running) = await ResumeBesideAsync(fixture);
        await fixture.CompleteAsync(running);
        Guid next = await fixture.SubmitAsync(new SubmitOptions { Priority = TaskPriority.Critical });
        Task<ClaimAnswer> claiming = fixture.Workers.ClaimAsync(Other, incarnation: null, 1, LongWait).AsTask();
        Assert.False(claiming.IsCompleted);
        Task taking = how switch
        {
            "pause" => fixture.Tasks.PauseAsync(resumed.Id).AsTask(),
            "complete" => fixture.CompleteAsync(resumed).AsTask(),
            "release" => fixture.ReleaseAsync(resumed).AsTask(),
            _ => fixture.Workers.LeaveAsync(Worker, incarnation: null).AsTask(),
        };
        await taking.Patiently();
        Assert.Equal(next, Assert.Single((await claiming.Patiently()).Tasks).Id);
    }

    private static async Task<WorkerFixture> CreateAsync()
    {
        WorkerFixture fixture = await WorkerFixture.CreateAsync(type: type => type.MaxConcurrency = 1);
        await fixture.RegisterAsync(Other);
        return fixture;
    }

    /// <summary>Lets a task stand at its worker, another take its place elsewhere, and resumes the first.</summary>
    private static async Task<(TaskRecord Resumed, TaskRecord Running)> ResumeBesideAsync(WorkerFixture fixture)
    {
        TaskRecord standing = await fixture.StartAsync();
        await fixture.Tasks.PauseAsync(standing.Id);
        await fixture.HeartbeatAsync(standing, isPaused: true);
        await fixture.SubmitAsync();
        TaskRecord running = Assert.Single(await fixture.ClaimAsync(max: 1, Other));
        await fixture.Tasks.ResumeAsync(standing.Id);
        return (standing, running);
    }
}
