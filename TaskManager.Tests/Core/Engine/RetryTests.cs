namespace TaskManager.Tests.Core.Engine;

public sealed class RetryTests
{
    [Fact]
    public async Task Fail_WithAttemptsLeft_IsTriedAgainAfterTheBackoff()
    {
        await using var fixture = EngineFixture.Create(
            (_, context) => context.Attempt < 3 ? throw new InvalidOperationException($"attempt {context.Attempt}") : Task.FromResult($"attempt {context.Attempt}"),
            type: type => (type.MaxAttempts, type.RetryDelay) = (3, TimeSpan.FromSeconds(10)));
        TaskHandle<string> handle = await fixture.SubmitAsync();

        TaskRecord waiting = await handle.WhenAsync(TaskState.Scheduled).Patiently();
        Assert.InRange(waiting.Status.DueAt - fixture.Tasks.Now.Elapsed, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(12));
        Assert.Equal("run_at", (await fixture.Tasks.ExplainAsync(waiting))!.Reason);
        fixture.Clock.Advance(TimeSpan.FromSeconds(12));
        await Patience.UntilAsync(async () => await handle.GetAsync() is { State: TaskState.Scheduled, Status.Attempt: 2 });
        fixture.Clock.Advance(TimeSpan.FromSeconds(24));

        Assert.Equal("attempt 3", await handle.WaitAsync().Patiently());
        TaskRecord record = (await handle.GetAsync())!.Value;
        Assert.Equal(2, record.Status.Failures);
        Assert.Equal([AttemptOutcome.Failed, AttemptOutcome.Failed, AttemptOutcome.Completed], record.Attempts().Select(attempt => attempt.Outcome));
        Assert.Equal(["attempt 1", "attempt 2", null], record.Attempts().Select(attempt => attempt.Error?.Message));
    }

    [Fact]
    public async Task Fail_WithADelayAskedFor_WaitsExactlyThat()
    {
        await using var fixture = EngineFixture.Create(
            (_, context) => context.Attempt == 1 ? throw new TaskAttemptException("busy", "come back later") { RetryAfter = TimeSpan.FromMinutes(7) } : Task.FromResult("done"),
            type: type => type.MaxAttempts = 2);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await handle.WhenAsync(TaskState.Scheduled).Patiently();

        fixture.Clock.Advance(TimeSpan.FromMinutes(7) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(TaskState.Scheduled, (await handle.GetAsync())!.Value.State);
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("done", await handle.WaitAsync().Patiently());
    }

    [Fact]
    public async Task Fail_ThatIsNotRetryable_FailsAtOnce()
    {
        await using var fixture = EngineFixture.Create(
            (_, _) => throw new TaskAttemptException("hopeless", "never") { IsRetryable = false },
            type: type => type.MaxAttempts = 5);
        TaskHandle<string> handle = await fixture.SubmitAsync();

        TaskOutcome<string> outcome = await handle.OutcomeAsync().Patiently();

        Assert.Equal((TaskState.Failed, "hopeless"), (outcome.State, outcome.Error!.Code));
    }

    [Fact]
    public async Task Fail_TypeWithALongerDelayThanDoublingGoes_WaitsForIt()
    {
        await using EngineFixture fixture = EngineFixture.Create(
            (_, _) => throw new InvalidOperationException("no"), options => options.Retention = TimeSpan.FromDays(1), type => (type.MaxAttempts, type.RetryDelay) = (2, TimeSpan.FromHours(1)));
        TaskHandle<string> task = await fixture.SubmitAsync();
        await task.WhenAsync(TaskState.Scheduled).Patiently();
        fixture.Clock.Advance(TimeSpan.FromMinutes(47)); // an hour, less the jitter
        Assert.Equal(TaskState.Scheduled, (await task.GetAsync())!.Value.State);
        fixture.Clock.Advance(TimeSpan.FromMinutes(26)); // an hour, and the jitter
        Assert.Equal(2, (await task.WhenEndedAsync().Patiently()).Status.Attempt);
    }

    [Fact]
    public async Task Retry_CancelledDuringItsBackoff_RunsAtOnce()
    {
        await using EngineFixture fixture = EngineFixture.Create(
            (_, context) => context.Attempt == 1 ? throw new InvalidOperationException("no") : Task.FromResult("done"), type: type => (type.MaxAttempts, type.RetryDelay) = (2, TimeSpan.FromMinutes(4)));
        TaskHandle<string> task = await fixture.SubmitAsync();
        await task.WhenAsync(TaskState.Scheduled).Patiently();
        await task.CancelAsync();
        await task.RetryAsync();
        Assert.Equal("done", await task.WaitAsync().Patiently());
    }

    [Fact]
    public async Task Retry_FailedTask_BeginsANewLifeWithOneAttempt()
    {
        bool works = false;
        await using var fixture = EngineFixture.Create((_, _) => works ? Task.FromResult("done") : throw new InvalidOperationException("not yet"), type: type => type.MaxAttempts = 1);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await handle.WhenEndedAsync().Patiently();
        Assert.Equal(MoveOutcome.Applied, (await handle.RetryAsync()).Outcome);
        TaskRecord failedAgain = await handle.WhenEndedAsync().Patiently();
        Assert.Equal((TaskState.Failed, 2, 1), (failedAgain.State, failedAgain.Status.Attempt, failedAgain.Status.Failures));

        works = true;
        await handle.RetryAsync();

        Assert.Equal("done", await handle.WaitAsync().Patiently());
        Assert.Equal(3, (await handle.GetAsync())!.Value.Attempts().Count);
        Assert.Equal(MoveOutcome.Refused, (await handle.RetryAsync()).Outcome);
    }

    [Fact]
    public async Task Delay_OfAnHour_RunsThenAndNoEarlier()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        TaskHandle<string> handle = await fixture.SubmitAsync(options: new SubmitOptions { Delay = TimeSpan.FromHours(1) });

        fixture.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        await fixture.Tasks.WhenIdleAsync().Patiently();
        Assert.Equal(TaskState.Scheduled, (await handle.GetAsync())!.Value.State);
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("done", await handle.WaitAsync().Patiently());
    }

    [Theory]
    [InlineData(60)]
    [InlineData(36_500)]
    public async Task Delay_BeyondWhatATimerTakes_Works(int days)
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        TaskHandle<string> handle = await fixture.SubmitAsync(options: new SubmitOptions { Delay = TimeSpan.FromDays(days) });
        fixture.Pool.Stop(); // so that the sweeps of decades are not waited for one by one

        fixture.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(TaskState.Scheduled, (await handle.GetAsync())!.Value.State);
        Assert.Equal(fixture.Tasks.Now.Utc + TimeSpan.FromDays(days - 1), (await fixture.Tasks.ExplainAsync((await handle.GetAsync())!.Value))!.Until);
    }

    [Fact]
    public async Task Delay_Until_IsTheMomentOfTheSubmissionAndTheDelay()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        TaskHandle<string> handle = await fixture.SubmitAsync(options: new SubmitOptions { Delay = TimeSpan.FromHours(1) });
        TaskRecord record = (await handle.GetAsync())!.Value;
        DateTimeOffset due = record.Definition.Created.Utc + TimeSpan.FromHours(1);

        fixture.Clock.JumpWall(TimeSpan.FromTicks(1)); // the two clocks are read a moment apart
        Assert.Equal(due, (await fixture.Tasks.ExplainAsync(record))!.Until);
        fixture.Clock.JumpWall(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1)); // somebody set the wall clock

        Assert.Equal(due + TimeSpan.FromMinutes(1), (await fixture.Tasks.ExplainAsync(record))!.Until);
    }

    [Fact]
    public async Task RunAt_WallClockJumpsThere_RunsWithinASecond()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        TaskHandle<string> handle = await fixture.SubmitAsync(options: new SubmitOptions { RunAt = fixture.Clock.GetUtcNow() + TimeSpan.FromHours(5) });
        TaskHandle<string> never = await fixture.SubmitAsync(options: new SubmitOptions { RunAt = DateTimeOffset.MaxValue });

        fixture.Clock.JumpWall(TimeSpan.FromHours(5));
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("done", await handle.WaitAsync().Patiently());
        Assert.Equal(TaskState.Scheduled, (await never.GetAsync())!.Value.State);
    }

    [Fact]
    public async Task Timeout_OfATypeThatRetriesIt_IsTriedAgain()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(
            (task, context) => context.Attempt == 1 ? gate.HandleAsync(task, context) : Task.FromResult("second"),
            type: type => (type.MaxAttempts, type.RetryOnTimeout, type.RetryDelay) = (2, true, TimeSpan.Zero));
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await gate.Entered;

        fixture.Clock.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal("second", await handle.WaitAsync().Patiently());
        Assert.Equal(AttemptOutcome.TimedOut, (await handle.GetAsync())!.Value.Attempts()[0].Outcome);
    }
}
