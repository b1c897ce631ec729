using static TaskManager.Tests.Core.Workers.WorkerFixture;

namespace TaskManager.Tests.Core.Workers;

public sealed class LeaseTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Fact]
    public async Task Lease_RunsOut_NeverEarlyAndTheTaskGoesToTheNext()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord first = await fixture.StartAsync();
        fixture.Clock.Advance(Lease - Tick);
        await fixture.Engine.DueWork.DoAsync();
        Assert.Equal(TaskState.Processing, (await fixture.GetAsync(first.Id)).State);
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await fixture.Tasks.GetHandle(first.Id).WhenAsync(TaskState.Queued).Patiently();
        TaskRecord second = Assert.Single(await fixture.ClaimAsync());
        Assert.Equal((2, 0, 1), (second.Status.Attempt, second.Status.Failures, second.Status.Rescues));
        Assert.Equal(AttemptOutcome.LeaseExpired, second.Attempts()[0].Outcome);
        Assert.Equal(MoveOutcome.LeaseLost, (await fixture.CompleteAsync(first, "1")).Outcome);
        Assert.Equal(MoveOutcome.Applied, (await fixture.CompleteAsync(second, "2")).Outcome);
        TaskRecord ended = await fixture.GetAsync(first.Id);
        Assert.Equal(1, ended.Attempts()[0].LateReportCount);
        Assert.Equal(0, ended.Attempts()[1].LateReportCount);
    }

    [Fact]
    public async Task Heartbeat_BeforeTheEnd_TheLeaseLastsAsLongAgain()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        for (int i = 0; i < 20; i++)
        {
            fixture.Clock.Advance(Lease - Tick);
            Assert.Equal(LeaseDirective.Continue, await fixture.HeartbeatAsync(claimed));
        }

        fixture.Clock.Advance(Lease);
        await fixture.Tasks.GetHandle(claimed.Id).WhenAsync(TaskState.Queued).Patiently();
        Assert.Equal(LeaseDirective.Lost, await fixture.HeartbeatAsync(claimed));
    }

    [Fact]
    public async Task Lease_WallClockJumps_ChangeNothing()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        fixture.Clock.JumpWall(TimeSpan.FromHours(1));
        await fixture.Engine.DueWork.DoAsync();
        fixture.Clock.JumpWall(TimeSpan.FromHours(-2));
        await fixture.Engine.DueWork.DoAsync();
        Assert.Equal(TaskState.Processing, (await fixture.GetAsync(claimed.Id)).State);
        fixture.Clock.Advance(Lease);
        await fixture.Tasks.GetHandle(claimed.Id).WhenAsync(TaskState.Queued).Patiently();
    }

    [Fact]
    public async Task Lease_OfAResumedAttemptIsLost_WakesAClaimThatWaits()
    {
        await using WorkerFixture fixture = await CreateAsync();
        await fixture.RegisterAsync("worker-2-cpu");
        TaskRecord standing = await fixture.StartAsync();
        await fixture.Tasks.PauseAsync(standing.Id);
        await fixture.HeartbeatAsync(standing, isPaused: true);
        await fixture.Tasks.ResumeAsync(standing.Id);
        Task<ClaimAnswer> claim = fixture.Workers.ClaimAsync("worker-2-cpu", incarnation: null, 1, 10 * Lease).AsTask();
        Assert.False(claim.IsCompleted);

        await fixture.RegisterAsync(incarnation: "second");

        TaskRecord next = Assert.Single((await claim.Patiently()).Tasks);
        Assert.Equal((standing.Id, 2, 1), (next.Id, next.Status.Attempt, next.Status.Rescues));
    }

    [Fact]
    public async Task Lease_OfATaskThatKillsItsWorkers_FailsAfterTheRescuesAreUsed()
    {
        await using WorkerFixture fixture = await CreateAsync(options => options.MaxRescues = 2);
        Guid id = await fixture.SubmitAsync();
        for (int rescues = 0; rescues < 2; rescues++)
        {
            Assert.Single(await fixture.ClaimAsync());
            fixture.Clock.Advance(Lease);
            Assert.Equal(rescues + 1, (await fixture.Tasks.GetHandle(id).WhenAsync(TaskState.Queued).Patiently()).Status.Rescues);
        }

        Assert.Single(await fixture.ClaimAsync());
        fixture.Clock.Advance(Lease);
        TaskRecord ended = await fixture.Tasks.GetHandle(id).WhenEndedAsync().Patiently();
        Assert.Equal((TaskState.Failed, TaskErrorCodes.LeaseExpired, 0), (ended.State, ended.Status.Error!.Code, ended.Status.Failures));
    }

    [Fact]
    public async Task Lease_RunsOutOfACancelledTask_IsCancelled()
    {
        await using WorkerFixture fixture = await CreateAsync(options => options.AbandonAfter = TimeSpan.FromHours(1));
        TaskRecord claimed = await fixture.StartAsync();
        await fixture.Tasks.CancelAsync(claimed.Id);
        fixture.Clock.Advance(Lease);
        Assert.Equal(TaskState.Cancelled, (await fixture.Tasks.GetHandle(claimed.Id).WhenEndedAsync().Patiently()).State);
    }

    [Fact]
    public async Task Checkpoint_OfAHeartbeat_SurvivesTheLease()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        await fixture.HeartbeatAsync(claimed, checkpoint: Payload("7"));
        fixture.Clock.Advance(Lease);
        await fixture.Tasks.GetHandle(claimed.Id).WhenAsync(TaskState.Queued).Patiently();
        TaskRecord next = Assert.Single(await fixture.ClaimAsync());
        Assert.Equal("7"u8.ToArray(), next.Status.Checkpoint!.Utf8.ToArray());
    }

    [Fact]
    public async Task Register_NewIncarnation_FreesTheLeasesOfTheOneBeforeAtOnce()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord first = await fixture.StartAsync();
        await fixture.RegisterAsync(incarnation: "second");
        TaskRecord second = Assert.Single(await fixture.ClaimAsync());
        Assert.Equal((first.Id, 1), (second.Id, second.Status.Rescues));
        Assert.Equal(MoveOutcome.LeaseLost, (await fixture.CompleteAsync(first)).Outcome);
        Assert.Equal(WorkerCallOutcome.StaleIncarnation, (await fixture.Workers.ClaimAsync(Worker, "first", 1, TimeSpan.Zero)).Outcome);
        Assert.Equal(WorkerCallOutcome.StaleIncarnation, (await fixture.Workers.HeartbeatAsync(Worker, "first", [], TimeSpan.Zero)).Outcome);
        Assert.Equal(WorkerCallOutcome.StaleIncarnation, await fixture.Workers.LeaveAsync(Worker, "first"));
        Assert.Equal(LeaseDirective.Lost, await fixture.HeartbeatAsync(first));
        Assert.Equal(LeaseDirective.Continue, await fixture.HeartbeatAsync(second));
    }

    [Fact]
    public async Task Register_SameIncarnationAgain_KeepsItsLeases()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        var again = Assert.IsType<RegisterResult.Registered>(await fixture.Workers.RegisterAsync(new WorkerRegistration(Worker, "first", [TypeName, "crop"])));
        Assert.False(again.IsNew);
        Assert.Equal(LeaseDirective.Continue, await fixture.HeartbeatAsync(claimed));
        Guid other = await fixture.SubmitAsync(type: "crop");
        Assert.Equal(other, Assert.Single(await fixture.ClaimAsync()).Id);
    }

    [Fact]
    public async Task Leave_WithLeases_GivesThemBackAtNoCost()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        Assert.Equal(WorkerCallOutcome.Accepted, await fixture.Workers.LeaveAsync(Worker, incarnation: null));
        TaskRecord back = await fixture.GetAsync(claimed.Id);
        Assert.Equal((TaskState.Queued, 0, AttemptOutcome.Released), (back.State, back.Status.Rescues, back.Attempts()[0].Outcome));
        Assert.Equal(WorkerCallOutcome.Unknown, (await fixture.Workers.ClaimAsync(Worker, incarnation: null, 1, TimeSpan.Zero)).Outcome);
        Assert.Empty(fixture.Workers.List());
    }

    [Fact]
    public async Task Leave_TimedOutTaskOfATypeThatRetriesIt_IsRetriedElsewhere()
    {
        await using WorkerFixture fixture = await CreateAsync(options => options.MaxAttempts = 2, type => (type.RetryOnTimeout, type.RetryDelay) = (true, TimeSpan.Zero));
        TaskRecord claimed = await fixture.StartAsync(new SubmitOptions { Timeout = TimeSpan.FromSeconds(5) });
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        await Patience.UntilAsync(async () => (await fixture.GetAsync(claimed.Id)).Status.TimeoutFired);
        await fixture.Workers.LeaveAsync(Worker, incarnation: null);
        await fixture.RegisterAsync("worker-2-cpu");
        TaskRecord next = Assert.Single(await fixture.ClaimAsync(max: 1, "worker-2-cpu"));
        Assert.Equal((2, 1, AttemptOutcome.TimedOut), (next.Status.Attempt, next.Status.Failures, next.Attempts()[0].Outcome));
    }

    [Fact]
    public async Task Heartbeat_AcrossJumpsOfTheWallClock_RenewsAndHangsAsLongAsAlways()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        foreach (double hours in (double[])[1, -2, 24, -23])
        {
            Task<LeaseDirective?> hanging = fixture.HeartbeatAsync(claimed, wait: Lease);
            Task<ClaimAnswer> claiming = fixture.Workers.ClaimAsync(Worker, incarnation: null, 1, Lease / 3).AsTask();
            fixture.Clock.JumpWall(TimeSpan.FromHours(hours));
            fixture.Clock.Advance((Lease / 3) - TimeSpan.FromMilliseconds(1));
            Assert.False(hanging.IsCompleted || claiming.IsCompleted);
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(LeaseDirective.Continue, await hanging.Patiently());
            Assert.Empty((await claiming.Patiently()).Tasks);
            Assert.True(Assert.Single(fixture.Workers.List()).IsAlive);
        }

        await fixture.HeartbeatAsync(claimed);
        fixture.Clock.JumpWall(TimeSpan.FromHours(1));
        fixture.Clock.Advance(Lease - TimeSpan.FromMilliseconds(1));
        await fixture.Engine.DueWork.DoAsync();
        Assert.Equal((TaskState.Processing, 0), ((await fixture.GetAsync(claimed.Id)).State, (await fixture.GetAsync(claimed.Id)).Status.Rescues));
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await fixture.Tasks.GetHandle(claimed.Id).WhenAsync(TaskState.Queued).Patiently();
    }

    [Fact]
    public async Task Worker_SilentForTenLeases_IsForgotten()
    {
        await using WorkerFixture fixture = await CreateAsync();
        fixture.Clock.Advance((10 * Lease) - Tick);
        await fixture.Engine.DueWork.DoAsync();
        Assert.False(Assert.Single(fixture.Workers.List()).IsAlive);
        fixture.Clock.Advance(Tick);
        await fixture.Engine.DueWork.DoAsync();
        Assert.Empty(fixture.Workers.List());
    }
}
