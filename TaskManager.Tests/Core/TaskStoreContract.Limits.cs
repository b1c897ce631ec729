namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task Claim_TypeAtItsConcurrency_IsPassedOverAndHoldsUpNobody()
    {
        StoreSteps steps = Create();
        TaskType limited = TestTypes.Create("limited", type => type.MaxConcurrency = 2);
        TaskRecord[] waiting = await steps.AddManyAsync(4, new SubmitOptions { Priority = TaskPriority.Critical }, limited);
        TaskRecord[] free = await steps.AddManyAsync(2);
        Assert.Equal(TypeHold.None, steps.Store.HoldOf(limited));

        Assert.Equal(Ids([waiting[0], waiting[1], .. free]), Ids(await steps.ClaimAsync(10)));
        Assert.Equal((TypeHold.Concurrency, TypeHold.None), (steps.Store.HoldOf(limited), steps.Store.HoldOf(TestTypes.Plain)));
        Assert.Equal(new ClaimResult(0), await steps.Store.ClaimAsync(StoreSteps.AnyClaim, new TaskRecord[1], CancellationToken.None));
        await steps.CompleteAsync(waiting[1].Id);

        Assert.Equal(TypeHold.None, steps.Store.HoldOf(limited));
        Assert.Equal(Ids([waiting[2]]), Ids(await steps.ClaimAsync(10)));
    }

    [Fact]
    public async Task Claim_TypeAtItsConcurrency_GetsAPlaceBackFromASuspendedAttempt()
    {
        StoreSteps steps = Create();
        TaskType limited = TestTypes.Create("limited", type => type.MaxConcurrency = 1);
        TaskRecord[] added = await steps.AddManyAsync(2, type: limited);
        TaskRecord first = await steps.ClaimAsync(added[0]);
        await steps.SuspendAsync(first);

        await steps.ClaimAsync(added[1]);
        await steps.MoveAsync(first.Id, LifecycleEvent.Resume());
        Assert.Empty(await steps.ClaimAsync());
        await steps.CompleteAsync(added[1].Id);

        await steps.ClaimAsync(first);
    }

    [Fact]
    public async Task TryUpdate_ResumedAttemptOfATypeAtItsConcurrency_GoesOnOnceThereIsAPlace()
    {
        StoreSteps steps = Create();
        TaskType limited = TestTypes.Create("limited", type => type.MaxConcurrency = 1);
        TaskRecord[] added = await steps.AddManyAsync(2, type: limited);
        TaskRecord first = await steps.ClaimAsync(added[0]);
        await steps.SuspendAsync(first);
        await steps.ClaimAsync(added[1]);
        TaskRecord resumed = await steps.MoveAsync(first.Id, LifecycleEvent.Resume());
        LifecycleEvent goOn = LifecycleEvent.Claim(first.Status.Lease!);

        Assert.Equal(UpdateOutcome.TypeAtLimit, await steps.TryMoveAsync(resumed, goOn));
        Assert.Equal(resumed, await steps.FindAsync(first.Id));
        await steps.CompleteAsync(added[1].Id);

        Assert.Equal(UpdateOutcome.Updated, await steps.TryMoveAsync(resumed, goOn));
    }

    [Fact]
    public async Task TryUpdate_CancelOfAResumedAttemptOfATypeAtItsConcurrency_WakesItAtOnce()
    {
        StoreSteps steps = Create();
        TaskType limited = TestTypes.Create("limited", type => type.MaxConcurrency = 1);
        TaskRecord[] added = await steps.AddManyAsync(2, type: limited);
        await steps.SuspendAsync(await steps.ClaimAsync(added[0]));
        await steps.ClaimAsync(added[1]);
        await steps.MoveAsync(added[0].Id, LifecycleEvent.Resume());

        Assert.Equal(TaskState.Processing, (await steps.CancelAsync(added[0].Id)).State);
    }

    [Fact]
    public async Task Claim_TypeAtItsRate_SaysWhenToAskAgain()
    {
        StoreSteps steps = Create();
        TaskType limited = TestTypes.Create("limited", type => type.Rate = new TaskRate(2, TimeSpan.FromSeconds(10)));
        TaskRecord[] waiting = await steps.AddManyAsync(5, new SubmitOptions { Priority = TaskPriority.Critical }, limited);
        TaskRecord free = await steps.AddAsync();
        await steps.ClaimAsync(waiting[0]);
        Clock.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(Ids([waiting[1], free]), Ids(await steps.ClaimAsync(10)));
        Assert.Equal((TypeHold.Rate, TypeHold.None), (steps.Store.HoldOf(limited), steps.Store.HoldOf(TestTypes.Plain)));
        Assert.Equal(new ClaimResult(0, TimeSpan.FromSeconds(6)), await ClaimNothingAsync(steps));
        Clock.Advance(TimeSpan.FromSeconds(6) - Tick);
        Assert.Equal(new ClaimResult(0, Tick), await ClaimNothingAsync(steps));
        Clock.Advance(Tick);

        Assert.Equal(TypeHold.None, steps.Store.HoldOf(limited));
        Assert.Equal(Ids([waiting[2]]), Ids(await steps.ClaimAsync(10)));
        Assert.Equal(new ClaimResult(0, TimeSpan.FromSeconds(4)), await ClaimNothingAsync(steps));
    }

    [Fact]
    public async Task Claim_ResumedAttemptOfATypeAtItsRate_GoesOn()
    {
        StoreSteps steps = Create();
        TaskType limited = TestTypes.Create("limited", type => type.Rate = new TaskRate(1, TimeSpan.FromSeconds(10)));
        TaskRecord[] added = await steps.AddManyAsync(2, type: limited);
        await steps.SuspendAsync(await steps.ClaimAsync(added[0]));
        await steps.MoveAsync(added[0].Id, LifecycleEvent.Resume());

        Assert.Equal(1, (await steps.ClaimAsync(added[0])).Status.Attempt);
        Assert.Equal(new ClaimResult(0, TimeSpan.FromSeconds(10)), await ClaimNothingAsync(steps)); // the other one would begin
    }

    [Fact]
    public async Task Claim_SeveralTypesAtTheirRates_SaysTheSoonest()
    {
        StoreSteps steps = Create();
        TaskType slow = TestTypes.Create("slow", type => type.Rate = new TaskRate(1, TimeSpan.FromMinutes(1)));
        TaskType quick = TestTypes.Create("quick", type => type.Rate = new TaskRate(1, TimeSpan.FromSeconds(1)));
        TaskType busy = TestTypes.Create("busy", type => (type.Rate, type.MaxConcurrency) = (new TaskRate(1, Tick + TimeSpan.FromMilliseconds(1)), 1));
        foreach (TaskType type in new[] { slow, quick, busy })
        {
            await steps.AddManyAsync(2, type: type);
        }

        Assert.Equal(3, (await steps.ClaimAsync(10)).Length);

        Assert.Equal(new ClaimResult(0, TimeSpan.FromSeconds(1)), await ClaimNothingAsync(steps)); // the busy one's rate is not what holds it back
    }

    [Fact]
    public async Task Claim_RateOfAType_IsMeantByTheSteadyClock()
    {
        StoreSteps steps = Create();
        TaskType limited = TestTypes.Create("limited", type => type.Rate = new TaskRate(1, TimeSpan.FromSeconds(10)));
        TaskRecord[] added = await steps.AddManyAsync(2, type: limited);
        await steps.ClaimAsync(added[0]);

        Clock.JumpWall(TimeSpan.FromHours(1));
        Assert.Equal(new ClaimResult(0, TimeSpan.FromSeconds(10)), await ClaimNothingAsync(steps));
        Clock.JumpWall(TimeSpan.FromHours(-2));
        Clock.Advance(TimeSpan.FromSeconds(10));

        await steps.ClaimAsync(added[1]);
    }

    [Fact]
    public void HoldOf_TypeWithoutTasks_IsNone() => Assert.Equal(TypeHold.None, Create().Store.HoldOf(TestTypes.Plain));

    private static async Task<ClaimResult> ClaimNothingAsync(StoreSteps steps) => await steps.Store.ClaimAsync(StoreSteps.AnyClaim, new TaskRecord[1], CancellationToken.None);
}
