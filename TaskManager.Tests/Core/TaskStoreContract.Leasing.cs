namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);
    private static readonly TaskClaim WorkerClaim = new("worker", "worker-1-a", TestTypes.All, LeaseDuration);

    [Fact]
    public async Task Claim_OfSomeTypes_TakesNoOthers()
    {
        StoreSteps steps = Create();
        TaskRecord plain = await steps.AddAsync(new() { Priority = TaskPriority.Critical });
        TaskRecord other = await steps.AddAsync(type: TestTypes.Other);

        Assert.Equal(Ids([other]), Ids(await steps.ClaimAsync(5, new TaskClaim("worker", "w", new TaskTypeSet(["other", "unknown"]), LeaseDuration))));
        Assert.Empty(await steps.ClaimAsync(5, new TaskClaim("worker", "w", new TaskTypeSet([]), LeaseDuration)));
        Assert.Equal(Ids([plain]), Ids(await steps.ClaimAsync(5)));
    }

    [Fact]
    public async Task Claim_UnderALease_GivesEachTaskATokenOfItsOwn()
    {
        StoreSteps steps = Create();
        await steps.AddManyAsync(3);

        TaskRecord[] claimed = await steps.ClaimAsync(3, WorkerClaim);

        Assert.Equal(3, claimed.Select(task => task.Status.Lease!.Token).Distinct().Count());
        Assert.All(claimed, task => Assert.NotEqual(Guid.Empty, task.Status.Lease!.Token));
    }

    [Fact]
    public async Task ExpireLeases_AtTheVeryMoment_TakesTheTaskFromItsHolder()
    {
        StoreSteps steps = Create(options => options.MaxRescues = 1);
        await steps.AddAsync();
        TaskRecord claimed = (await steps.ClaimAsync(1, WorkerClaim))[0];

        Clock.Advance(LeaseDuration - Tick);
        Assert.Equal(Tick, await steps.Store.ExpireLeasesAsync(CancellationToken.None));
        Assert.Equal(TaskState.Processing, await steps.StateAsync(claimed.Id));
        Clock.Advance(Tick);
        Assert.Null(await steps.Store.ExpireLeasesAsync(CancellationToken.None));

        TaskRecord rescued = (await steps.FindAsync(claimed.Id))!.Value;
        Assert.Equal((TaskState.Queued, 1, 0), (rescued.State, rescued.Status.Rescues, rescued.Status.Failures));
        await steps.ClaimAsync(1, WorkerClaim);
        Clock.Advance(LeaseDuration);
        await steps.Store.ExpireLeasesAsync(CancellationToken.None);
        Assert.Equal(TaskState.Failed, await steps.StateAsync(claimed.Id));
    }

    [Fact]
    public async Task ExpireLeases_OfAClaimWithoutEnd_Never()
    {
        StoreSteps steps = Create();
        TaskRecord claimed = await steps.ClaimAsync(await steps.AddAsync());
        Clock.Advance(TimeSpan.FromDays(100));

        Assert.Null(await steps.Store.ExpireLeasesAsync(CancellationToken.None));
        Assert.Equal(TaskState.Processing, await steps.StateAsync(claimed.Id));
    }

    [Fact]
    public async Task ExpireLeases_ManyAtOnce_AllGoInTurns()
    {
        StoreSteps steps = Create();
        await steps.AddManyAsync(1_000);
        await steps.ClaimAsync(1_000, WorkerClaim);
        Clock.Advance(LeaseDuration);
        int turns = 0;
        while (await steps.Store.ExpireLeasesAsync(CancellationToken.None) == TimeSpan.Zero)
        {
            turns++;
        }

        Assert.InRange(turns, 2, 1_000);
        Assert.Equal(1_000, (await steps.Store.CountAsync(CancellationToken.None)).ByState[TaskState.Queued]);
    }

    [Fact]
    public async Task RenewLeases_OfTheHolder_LastAsLongAgainCountedFromNow()
    {
        StoreSteps steps = Create();
        await steps.AddManyAsync(2);
        TaskRecord[] claimed = await steps.ClaimAsync(2, WorkerClaim);
        Clock.Advance(LeaseDuration - Tick);

        Assert.True((await RenewAsync(steps, "worker", KeyOf(claimed[0])))[0].IsLive);
        Clock.Advance(Tick);
        await steps.Store.ExpireLeasesAsync(CancellationToken.None);

        Assert.Equal((TaskState.Processing, TaskState.Queued), (await steps.StateAsync(claimed[0].Id), await steps.StateAsync(claimed[1].Id)));
        Assert.Equal(LeaseDuration - Tick, await steps.Store.ExpireLeasesAsync(CancellationToken.None));
    }

    [Fact]
    public async Task RenewLeases_RunOutButNotRecorded_IsStillItsHolders()
    {
        StoreSteps steps = Create();
        await steps.AddAsync();
        TaskRecord claimed = (await steps.ClaimAsync(1, WorkerClaim))[0];
        Clock.Advance(LeaseDuration + Second);

        Assert.True((await RenewAsync(steps, "worker", KeyOf(claimed)))[0].IsLive);
        await steps.Store.ExpireLeasesAsync(CancellationToken.None);
        Assert.Equal(TaskState.Processing, await steps.StateAsync(claimed.Id));
    }

    [Fact]
    public async Task RenewLeases_OfAnotherHolderTokenOrAnEndedAttempt_ChangesNothing()
    {
        StoreSteps steps = Create();
        await steps.AddManyAsync(2);
        TaskRecord[] claimed = await steps.ClaimAsync(2, WorkerClaim);
        await steps.MoveAsync(claimed[1].Id, LifecycleEvent.Complete(1, "done", KeyOf(claimed[1]).Token));
        var unknown = new LeaseKey(Guid.NewGuid(), Guid.NewGuid());

        Assert.False((await RenewAsync(steps, "stranger", KeyOf(claimed[0])))[0].IsLive);
        IReadOnlyList<LeaseRenewal> renewals = await RenewAsync(steps, "worker", KeyOf(claimed[0]) with { Token = Guid.Empty }, KeyOf(claimed[1]), unknown);

        Assert.Equal([false, false, false], renewals.Select(renewal => renewal.IsLive));
        Assert.Equal([claimed[0].Id, claimed[1].Id, null], renewals.Select(renewal => renewal.Record?.Id));
        Assert.Equal(LeaseDuration, await steps.Store.ExpireLeasesAsync(CancellationToken.None));
    }

    [Fact]
    public async Task NoteLateReport_OfARememberedLease_StandsInItsAttempt()
    {
        StoreSteps steps = Create();
        await steps.AddAsync();
        TaskRecord claimed = (await steps.ClaimAsync(1, WorkerClaim))[0];
        Clock.Advance(LeaseDuration);
        await steps.Store.ExpireLeasesAsync(CancellationToken.None);
        TaskRecord before = (await steps.FindAsync(claimed.Id))!.Value;
        var late = new LateReport(steps.Store.Now.Utc, "complete");

        for (int i = 0; i < 20; i++)
        {
            Assert.True(await steps.Store.NoteLateReportAsync(KeyOf(claimed), late, CancellationToken.None));
        }

        TaskRecord after = (await steps.FindAsync(claimed.Id))!.Value;
        Assert.Equal(before.Status.Version, after.Status.Version);
        Assert.Equal((20, 10), (after.Attempts()[0].LateReportCount, after.Attempts()[0].LateReports.Count));
        Assert.All(after.Attempts()[0].LateReports, kept => Assert.Equal(late, kept));
        Assert.False(await steps.Store.NoteLateReportAsync(KeyOf(claimed) with { Token = Guid.NewGuid() }, late, CancellationToken.None));
        Assert.False(await steps.Store.NoteLateReportAsync(new LeaseKey(Guid.NewGuid(), Guid.NewGuid()), late, CancellationToken.None));
    }

    [Fact]
    public async Task Resume_OfAnAttemptUnderALease_IsNobodyElsesToClaim()
    {
        StoreSteps steps = Create();
        await steps.AddAsync();
        TaskRecord claimed = (await steps.ClaimAsync(1, WorkerClaim))[0];
        await steps.MoveAsync(claimed.Id, LifecycleEvent.Pause());
        await steps.MoveAsync(claimed.Id, LifecycleEvent.CheckpointReached(1, KeyOf(claimed).Token));
        await steps.MoveAsync(claimed.Id, LifecycleEvent.Resume());

        Assert.Empty(await steps.ClaimAsync(5));
        Assert.Empty(await steps.ClaimAsync(5, WorkerClaim));
        await steps.MoveAsync(claimed.Id, LifecycleEvent.Claim(claimed.Status.Lease!));
        Assert.Equal(TaskState.Processing, await steps.StateAsync(claimed.Id));
        Clock.Advance(LeaseDuration);
        await steps.Store.ExpireLeasesAsync(CancellationToken.None);
        Assert.Equal(2, (await steps.ClaimAsync(5))[0].Status.Attempt);
    }

    [Fact]
    public async Task ExpireLeases_OfAResumedAttempt_IsAnybodysToClaim()
    {
        StoreSteps steps = Create();
        await steps.AddAsync();
        TaskRecord claimed = (await steps.ClaimAsync(1, WorkerClaim))[0];
        await steps.MoveAsync(claimed.Id, LifecycleEvent.Pause());
        await steps.MoveAsync(claimed.Id, LifecycleEvent.CheckpointReached(1, KeyOf(claimed).Token));
        await steps.MoveAsync(claimed.Id, LifecycleEvent.Resume());
        Clock.Advance(LeaseDuration);

        Assert.Null(await steps.Store.ExpireLeasesAsync(CancellationToken.None));

        Assert.Equal(2, Assert.Single(await steps.ClaimAsync(5)).Status.Attempt);
        Assert.Empty(await steps.ClaimAsync(5));
    }

    private static LeaseKey KeyOf(in TaskRecord record) => new(record.Id, record.Status.Lease!.Token);

    private static ValueTask<IReadOnlyList<LeaseRenewal>> RenewAsync(StoreSteps steps, string holder, params LeaseKey[] leases) =>
        steps.Store.RenewLeasesAsync(holder, leases, LeaseDuration, CancellationToken.None);
}
