namespace TaskManager.Tests.Core.Engine;

public sealed class TimeoutTests
{
    [Fact]
    public async Task Timeout_DefaultOfThirtyMinutes_FiresThenAndNoEarlier()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleAsync);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await gate.Entered;

        fixture.Clock.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromMilliseconds(1));
        Assert.False((await handle.GetAsync())!.Value.Status.TimeoutFired);
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));

        TaskOutcome<string> outcome = await handle.OutcomeAsync().Patiently();
        Assert.Equal((TaskState.TimedOut, TaskErrorCodes.TimedOut), (outcome.State, outcome.Error!.Code));
        await Assert.ThrowsAsync<TaskTimedOutException>(() => handle.WaitAsync());
    }

    [Fact]
    public async Task Timeout_OfTheSubmission_WinsOverThatOfTheType()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleAsync, type: type => type.Timeout = TimeSpan.FromHours(1));
        TaskHandle<string> handle = await fixture.SubmitAsync(options: new SubmitOptions { Timeout = TimeSpan.FromSeconds(5) });
        await gate.Entered;

        fixture.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(TaskState.TimedOut, (await handle.OutcomeAsync().Patiently()).State);
    }

    [Fact]
    public async Task Timeout_Infinite_NeverFires()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleAsync, type: type => type.Timeout = Timeout.InfiniteTimeSpan);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await gate.Entered;

        fixture.Clock.Advance(TimeSpan.FromDays(1));
        gate.Open();

        Assert.Equal("done", await handle.WaitAsync().Patiently());
    }

    [Fact]
    public async Task Timeout_WallClockJumps_ChangeNothing()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleAsync);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await gate.Entered;

        fixture.Clock.JumpWall(TimeSpan.FromHours(1));
        fixture.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TaskState.Processing, (await handle.GetAsync())!.Value.State);
        fixture.Clock.JumpWall(TimeSpan.FromHours(-2));
        fixture.Clock.Advance(TimeSpan.FromMinutes(30));

        TaskRecord record = await handle.WhenEndedAsync().Patiently();
        Assert.Equal(TaskState.TimedOut, record.State);
        Assert.True(record.Definition.Created.Utc <= record.Status.StartedAt && record.Status.StartedAt <= record.Status.FinishedAt);
    }

    [Fact]
    public async Task Timeout_HandlerThatIgnoresItsToken_IsAbandonedAndTheOthersGoOn()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(
            (task, context) => task.Name == "stubborn" ? gate.HandleStubbornlyAsync(task, context) : Task.FromResult("other"),
            options => options.MaxConcurrency = 1);
        TaskHandle<string> stubborn = await fixture.SubmitAsync("stubborn");
        await gate.Entered;
        TaskHandle<string> other = await fixture.SubmitAsync("other");

        fixture.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(TaskState.Processing, (await stubborn.GetAsync())!.Value.State);
        fixture.Clock.Advance(TimeSpan.FromSeconds(30));

        TaskOutcome<string> outcome = await stubborn.OutcomeAsync().Patiently();
        Assert.Equal((TaskState.TimedOut, TaskErrorCodes.Abandoned), (outcome.State, outcome.Error!.Code));
        Assert.Equal("other", await other.WaitAsync().Patiently());
        Assert.Equal(1, fixture.Pool.Status.Abandoned);

        gate.Open("too late");
        await Patience.UntilAsync(() => fixture.Pool.Status.Abandoned == 0);
        Assert.Equal(TaskState.TimedOut, (await stubborn.GetAsync())!.Value.State);
    }

    [Fact]
    public async Task Abandon_ReportPending_IsToldBeforeTheEnd()
    {
        TaskContext? context = null;
        var gate = new Gate();
        await using var fixture = EngineFixture.Create((task, given) =>
        {
            context = given;
            return gate.HandleStubbornlyAsync(task, given);
        });
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await gate.Entered;
        await handle.CancelAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(29.95));
        context!.ReportProgress(1);
        context.ReportProgress(2); // too soon after the first to be told at once

        fixture.Clock.Advance(TimeSpan.FromSeconds(0.05));

        Assert.Equal(TaskErrorCodes.Abandoned, (await handle.OutcomeAsync().Patiently()).Error?.Code);
        var told = new List<double>();
        await foreach (TaskEvent each in handle.WatchAsync())
        {
            if (each is TaskProgressEvent progress)
            {
                told.Add(progress.Progress.Step);
            }
        }

        Assert.Equal([1, 2], told);
        gate.Open();
    }

    [Fact]
    public async Task Cancel_HandlerThatIgnoresItsToken_IsAbandonedAsCancelled()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleStubbornlyAsync, options => options.AbandonAfter = TimeSpan.FromSeconds(10));
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await gate.Entered;
        await handle.CancelAsync();

        fixture.Clock.Advance(TimeSpan.FromSeconds(10));

        TaskOutcome<string> outcome = await handle.OutcomeAsync().Patiently();
        Assert.Equal((TaskState.Cancelled, TaskErrorCodes.Abandoned), (outcome.State, outcome.Error!.Code));
        gate.Open();
    }

    [Fact]
    public async Task Abandon_HandlerThatBlocksItsThread_GivesTheSlotToTheNext()
    {
        using var released = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fixture = EngineFixture.Create(
            (task, _) =>
            {
                if (task.Name == "blocking")
                {
                    entered.SetResult();
                    released.Wait();
                }

                return Task.FromResult(task.Name);
            },
            options => options.MaxConcurrency = 1);
        TaskHandle<string> blocking = await fixture.SubmitAsync("blocking");
        await entered.Task.Patiently();
        TaskHandle<string> next = await fixture.SubmitAsync("next");

        await blocking.CancelAsync().Patiently();
        fixture.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("next", await next.WaitAsync().Patiently());
        Assert.Equal(TaskState.Cancelled, (await blocking.OutcomeAsync().Patiently()).State);
        released.Set();
        await Patience.UntilAsync(() => fixture.Pool.Status.Abandoned == 0);
        Assert.Equal("after", await (await fixture.SubmitAsync("after")).WaitAsync().Patiently());
        Assert.True(fixture.Pool.Status.Busy <= 1);
    }

    [Fact]
    public async Task Abandon_AsManyAsMayBe_NothingIsClaimedUntilOneEnds()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(
            (task, context) => task.Name == "stubborn" ? gate.HandleStubbornlyAsync(task, context) : Task.FromResult("other"),
            options => options.MaxAbandoned = 1);
        TaskHandle<string> stubborn = await fixture.SubmitAsync("stubborn");
        await gate.Entered;
        await stubborn.CancelAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(30));
        await stubborn.WhenEndedAsync().Patiently();
        await Patience.UntilAsync(() => !fixture.WorkerPool.IsClaiming); // a claim that was begun before may still take a task

        TaskHandle<string> other = await fixture.SubmitAsync("other");

        Assert.Equal("too_many_abandoned", fixture.Tasks.Readiness.Reason);
        Assert.Equal("pool_stopped", (await fixture.Tasks.ExplainAsync((await other.GetAsync())!.Value))!.Reason);
        gate.Open();
        Assert.Equal("other", await other.WaitAsync().Patiently());
        Assert.True(fixture.Tasks.Readiness.IsReady);
    }

    [Fact]
    public async Task Scale_AsManyAbandonedAsMayBe_TheNewSlotsClaimOnceOneEnds()
    {
        var gate = new Gate();
        using var both = new SemaphoreSlim(0);
        var proceed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fixture = EngineFixture.Create(
            async (task, context) =>
            {
                if (task.Name == "stubborn")
                {
                    return await gate.HandleStubbornlyAsync(task, context);
                }

                both.Release();
                await proceed.Task;
                return task.Name;
            },
            options => (options.MaxConcurrency, options.MaxAbandoned) = (1, 1));
        TaskHandle<string> stubborn = await fixture.SubmitAsync("stubborn");
        await gate.Entered;
        await stubborn.CancelAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(30));
        await stubborn.WhenEndedAsync().Patiently();

        fixture.Pool.Scale(2);
        await fixture.SubmitAsync("first");
        await fixture.SubmitAsync("second");
        gate.Open();

        await both.WaitAsync().Patiently();
        await both.WaitAsync().Patiently();
        proceed.SetResult();
    }
}
