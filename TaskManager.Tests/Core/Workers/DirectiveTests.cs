using static TaskManager.Tests.Core.Workers.WorkerFixture;

namespace TaskManager.Tests.Core.Workers;

public sealed class DirectiveTests
{
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Cancel_WorkerHangsInItsHeartbeat_HearsOfItAndReports()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        Task<LeaseDirective?> heartbeat = fixture.HeartbeatAsync(claimed, wait: LongWait);
        Assert.False(heartbeat.IsCompleted);
        Assert.Equal(MoveOutcome.Applied, (await fixture.Tasks.CancelAsync(claimed.Id)).Outcome);
        Assert.Equal(LeaseDirective.Cancel, await heartbeat.Patiently());
        Assert.Equal(TaskState.Processing, (await fixture.GetAsync(claimed.Id)).State);
        await fixture.FailAsync(claimed);
        TaskRecord ended = await fixture.GetAsync(claimed.Id);
        Assert.Equal((TaskState.Cancelled, AttemptOutcome.Cancelled), (ended.State, ended.Attempts()[0].Outcome));
    }

    [Fact]
    public async Task Heartbeat_NothingNew_HangsForAThirdOfTheLeaseAtMost()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        Task<LeaseDirective?> heartbeat = fixture.HeartbeatAsync(claimed, wait: LongWait);
        fixture.Clock.Advance((Lease / 3) - TimeSpan.FromMilliseconds(1));
        Assert.False(heartbeat.IsCompleted);
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(LeaseDirective.Continue, await heartbeat.Patiently());
    }

    [Fact]
    public async Task Heartbeat_WhatWasSaidBefore_HangsAgain()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        await fixture.Tasks.PauseAsync(claimed.Id);
        Assert.Equal(LeaseDirective.Pause, await fixture.HeartbeatAsync(claimed, wait: LongWait).Patiently());
        Task<LeaseDirective?> heartbeat = fixture.HeartbeatAsync(claimed, wait: LongWait);
        Assert.False(heartbeat.IsCompleted);
        await fixture.Tasks.CancelAsync(claimed.Id);
        Assert.Equal(LeaseDirective.Cancel, await heartbeat.Patiently());
    }

    [Fact]
    public async Task Pause_ThenResume_GoesOnWithTheSameAttempt()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        Task<LeaseDirective?> heartbeat = fixture.HeartbeatAsync(claimed, wait: LongWait);
        await fixture.Tasks.PauseAsync(claimed.Id);
        Assert.Equal(LeaseDirective.Pause, await heartbeat.Patiently());
        Assert.Equal(TaskState.Processing, (await fixture.GetAsync(claimed.Id)).State);
        Assert.Equal(LeaseDirective.Pause, await fixture.HeartbeatAsync(claimed, isPaused: true));
        Assert.Equal(TaskState.Paused, (await fixture.GetAsync(claimed.Id)).State);
        Task<LeaseDirective?> standing = fixture.HeartbeatAsync(claimed, isPaused: true, wait: LongWait);
        Assert.False(standing.IsCompleted);
        await fixture.Tasks.ResumeAsync(claimed.Id);
        Assert.Equal(LeaseDirective.Continue, await standing.Patiently());
        TaskRecord running = await fixture.GetAsync(claimed.Id);
        Assert.Equal((TaskState.Processing, 1), (running.State, running.Status.Attempt));
        Assert.Equal(MoveOutcome.Applied, (await fixture.CompleteAsync(claimed)).Outcome);
    }

    [Fact]
    public async Task Resume_OfAnAttemptThatStandsAtAWorker_IsNobodyElses()
    {
        await using WorkerFixture fixture = await CreateAsync();
        await fixture.RegisterAsync("worker-2-cpu");
        TaskRecord claimed = await fixture.StartAsync();
        await fixture.Tasks.PauseAsync(claimed.Id);
        await fixture.HeartbeatAsync(claimed, isPaused: true);
        await fixture.Tasks.ResumeAsync(claimed.Id);
        Assert.Equal(TaskState.Queued, (await fixture.GetAsync(claimed.Id)).State);
        Assert.Empty(await fixture.ClaimAsync(max: 10, "worker-2-cpu"));
        Assert.Empty(await fixture.ClaimAsync(max: 10));
        await fixture.Tasks.PauseAsync(claimed.Id);
        Assert.Equal(LeaseDirective.Pause, await fixture.HeartbeatAsync(claimed, isPaused: true));
        await fixture.Tasks.ResumeAsync(claimed.Id);
        Assert.Equal(LeaseDirective.Continue, await fixture.HeartbeatAsync(claimed, isPaused: true));
    }

    [Fact]
    public async Task Pause_ReleasedWithACheckpoint_IsHeldAndGoesOnElsewhere()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        await fixture.Tasks.PauseAsync(claimed.Id);
        await fixture.ReleaseAsync(claimed, Payload("3"));
        Assert.Equal(TaskState.Paused, (await fixture.GetAsync(claimed.Id)).State);
        await fixture.Tasks.ResumeAsync(claimed.Id);
        TaskRecord next = Assert.Single(await fixture.ClaimAsync());
        Assert.Equal("3"u8.ToArray(), next.Status.Checkpoint!.Utf8.ToArray());
    }

    [Fact]
    public async Task Cancel_WhileItStandsStill_ReachesTheWorker()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        await fixture.Tasks.PauseAsync(claimed.Id);
        await fixture.HeartbeatAsync(claimed, isPaused: true);
        Task<LeaseDirective?> standing = fixture.HeartbeatAsync(claimed, isPaused: true, wait: LongWait);
        await fixture.Tasks.CancelAsync(claimed.Id);
        Assert.Equal(LeaseDirective.Cancel, await standing.Patiently());
        await fixture.ReleaseAsync(claimed);
        Assert.Equal(TaskState.Cancelled, (await fixture.GetAsync(claimed.Id)).State);
    }

    [Fact]
    public async Task Timeout_OnAWorker_IsACancelAndThenTimedOut()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync(new SubmitOptions { Timeout = TimeSpan.FromSeconds(5) });
        Task<LeaseDirective?> heartbeat = fixture.HeartbeatAsync(claimed, wait: LongWait);
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(LeaseDirective.Cancel, await heartbeat.Patiently());
        await fixture.FailAsync(claimed);
        Assert.Equal(TaskState.TimedOut, (await fixture.GetAsync(claimed.Id)).State);
    }

    [Fact]
    public async Task Timeout_WorkerThatGivesTheTaskBack_HasTimedOut()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync(new SubmitOptions { Timeout = TimeSpan.FromSeconds(5) });
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        await Patience.UntilAsync(async () => (await fixture.GetAsync(claimed.Id)).Status.TimeoutFired);
        await fixture.ReleaseAsync(claimed);
        TaskRecord ended = await fixture.GetAsync(claimed.Id);
        Assert.Equal((TaskState.TimedOut, 1), (ended.State, ended.Status.Failures));
    }

    [Fact]
    public async Task Timeout_OfATypeThatRetriesIt_GoesOnFromTheCheckpointThatWasGivenBack()
    {
        await using WorkerFixture fixture = await CreateAsync(options => options.MaxAttempts = 2, type => (type.RetryOnTimeout, type.RetryDelay) = (true, TimeSpan.Zero));
        TaskRecord claimed = await fixture.StartAsync(new SubmitOptions { Timeout = TimeSpan.FromSeconds(5) });
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        await Patience.UntilAsync(async () => (await fixture.GetAsync(claimed.Id)).Status.TimeoutFired);
        await fixture.ReleaseAsync(claimed, Payload("4"));
        TaskRecord next = Assert.Single(await fixture.ClaimAsync());
        Assert.Equal((2, 1), (next.Status.Attempt, next.Status.Failures));
        Assert.Equal("4"u8.ToArray(), next.Status.Checkpoint!.Utf8.ToArray());
    }

    [Fact]
    public async Task Timeout_WhileItStandsStill_DoesNotRun()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync(new SubmitOptions { Timeout = TimeSpan.FromSeconds(5) });
        fixture.Clock.Advance(TimeSpan.FromSeconds(4));
        await fixture.Tasks.PauseAsync(claimed.Id);
        await fixture.HeartbeatAsync(claimed, isPaused: true);
        fixture.Clock.Advance(TimeSpan.FromSeconds(20));
        await fixture.Tasks.ResumeAsync(claimed.Id);
        Assert.Equal(LeaseDirective.Continue, await fixture.HeartbeatAsync(claimed));
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False((await fixture.GetAsync(claimed.Id)).Status.TimeoutFired);
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await Patience.UntilAsync(async () => (await fixture.GetAsync(claimed.Id)).Status.TimeoutFired);
    }

    [Fact]
    public async Task Cancel_WorkerThatIgnoresIt_IsAbandonedAndFencedOut()
    {
        await using WorkerFixture fixture = await CreateAsync(options => options.AbandonAfter = TimeSpan.FromSeconds(10));
        TaskRecord claimed = await fixture.StartAsync();
        await fixture.Tasks.CancelAsync(claimed.Id);
        Assert.Equal(LeaseDirective.Cancel, await fixture.HeartbeatAsync(claimed));
        fixture.Clock.Advance(TimeSpan.FromSeconds(10));
        TaskRecord ended = await fixture.Tasks.GetHandle(claimed.Id).WhenEndedAsync().Patiently();
        Assert.Equal((TaskState.Cancelled, TaskErrorCodes.Abandoned), (ended.State, ended.Status.Error!.Code));
        Assert.Equal(LeaseDirective.Lost, await fixture.HeartbeatAsync(claimed));
        Assert.Equal(MoveOutcome.LeaseLost, (await fixture.CompleteAsync(claimed)).Outcome);
    }

    [Fact]
    public async Task Heartbeat_ThatDoesNotNameALeaseYet_BringsItsCancelOnce()
    {
        await using WorkerFixture fixture = await CreateAsync();
        Task<HeartbeatAnswer> hanging = fixture.BeatAsync(LongWait);
        TaskRecord claimed = await fixture.StartAsync();
        Assert.False(hanging.IsCompleted);
        await fixture.Tasks.CancelAsync(claimed.Id);
        Assert.Equal((claimed.Id, LeaseDirective.Cancel), Assert.Single((await hanging.Patiently()).Tasks) is var told ? (told.TaskId, told.Directive) : default);
        hanging = fixture.BeatAsync(LongWait);
        Assert.False(hanging.IsCompleted);
        Assert.Equal(LeaseDirective.Cancel, await fixture.HeartbeatAsync(claimed, wait: LongWait).Patiently());
    }

    [Fact]
    public async Task Heartbeat_SameLeaseTwice_IsAnsweredOnce()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        var lease = new LeaseReport(KeyOf(claimed));
        Assert.Single((await fixture.BeatAsync(TimeSpan.Zero, lease, lease)).Tasks);
        var other = new LeaseReport(new LeaseKey(claimed.Id, Guid.NewGuid()));
        Assert.Equal([LeaseDirective.Continue, LeaseDirective.Lost], (await fixture.BeatAsync(TimeSpan.Zero, lease, other)).Tasks.Select(task => task.Directive));
    }

    [Fact]
    public async Task Heartbeat_OfATaskThatEndedByItsOwnReport_SaysNothingOfIt()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        Task<LeaseDirective?> heartbeat = fixture.HeartbeatAsync(claimed, wait: LongWait);
        await fixture.CompleteAsync(claimed);
        await Patience.UntilAsync(() =>
        {
            fixture.Clock.Advance(Lease / 3); // the end wakes the heartbeat, which goes on waiting at its own time
            return heartbeat.IsCompleted;
        });
        Assert.Null(await heartbeat);
    }

    [Fact]
    public async Task Heartbeat_AsManyCallsWaitAsMay_IsAnsweredAtOnceAndBringsWhatIsAsked()
    {
        await using WorkerFixture fixture = await CreateAsync(options => options.MaxWaiters = 1);
        TaskRecord claimed = await fixture.StartAsync();
        Task<ClaimAnswer> claiming = fixture.Workers.ClaimAsync(Worker, incarnation: null, 1, LongWait).AsTask();
        Assert.False(claiming.IsCompleted);
        Assert.Equal(LeaseDirective.Continue, await fixture.HeartbeatAsync(claimed).Patiently());
        Assert.Equal(LeaseDirective.Continue, await fixture.HeartbeatAsync(claimed, wait: LongWait).Patiently());
        await fixture.Tasks.CancelAsync(claimed.Id);
        Assert.Equal(LeaseDirective.Cancel, await fixture.HeartbeatAsync(claimed, wait: LongWait).Patiently());
        Assert.Equal(1, (await fixture.Tasks.GetStatisticsAsync()).Bounds["waiters"].Used);
    }

    [Fact]
    public async Task Heartbeat_ThatDoesNotNameALease_TellsEachChangeOfItOnce()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        await fixture.Tasks.PauseAsync(claimed.Id);
        Assert.Equal(LeaseDirective.Pause, Assert.Single((await fixture.BeatAsync(LongWait).Patiently()).Tasks).Directive);
        Task<HeartbeatAnswer> hanging = fixture.BeatAsync(LongWait);
        Assert.False(hanging.IsCompleted);
        await fixture.Tasks.ResumeAsync(claimed.Id);
        Assert.Equal(LeaseDirective.Continue, Assert.Single((await hanging.Patiently()).Tasks).Directive);
    }

    [Fact]
    public async Task Shutdown_WorkersAreQuietedAndThenTerminated()
    {
        await using WorkerFixture fixture = await CreateAsync(options => options.DrainTimeout = TimeSpan.FromSeconds(20));
        TaskRecord claimed = await fixture.StartAsync();
        var lease = new LeaseReport(KeyOf(claimed));
        Task<HeartbeatAnswer> first = fixture.BeatAsync(LongWait, lease);
        Task stopping = fixture.Engine.StopAsync();
        HeartbeatAnswer quiet = await first.Patiently();
        Assert.Equal((WorkerDirective.Quiet, LeaseDirective.Continue), (quiet.Worker, Assert.Single(quiet.Tasks).Directive));
        Assert.Equal(WorkerCallOutcome.Stopping, (await fixture.Workers.ClaimAsync(Worker, incarnation: null, 1, TimeSpan.Zero)).Outcome);
        Task<HeartbeatAnswer> second = fixture.BeatAsync(LongWait, lease);
        Assert.False(second.IsCompleted);
        await Patience.UntilAsync(() => fixture.Clock.Callbacks >= 3); // the sweep, the alarm, the patience
        fixture.Clock.Advance(TimeSpan.FromSeconds(9.9));
        fixture.Clock.Advance(TimeSpan.FromSeconds(10.1));
        await second.Patiently();
        HeartbeatAnswer terminate = await Terminated(fixture, lease);
        Assert.Equal(LeaseDirective.Cancel, Assert.Single(terminate.Tasks).Directive);
        Assert.Equal(MoveOutcome.Applied, (await fixture.CompleteAsync(claimed)).Outcome);
        await stopping.Patiently();
        Assert.Equal(TaskState.Completed, (await fixture.GetAsync(claimed.Id)).State);
    }

    private static async Task<HeartbeatAnswer> Terminated(WorkerFixture fixture, LeaseReport lease)
    {
        HeartbeatAnswer answer = await fixture.BeatAsync(TimeSpan.Zero, lease);
        await Patience.UntilAsync(async () => (answer = await fixture.BeatAsync(TimeSpan.Zero, lease)).Worker == WorkerDirective.Terminate);
        return answer;
    }
}
