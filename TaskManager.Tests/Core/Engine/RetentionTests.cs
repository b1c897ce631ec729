namespace TaskManager.Tests.Core.Engine;

public sealed class RetentionTests
{
    [Fact]
    public async Task Retention_TenMinutesAfterTheEnd_TheTaskIsRemoved()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await handle.WaitAsync().Patiently();

        fixture.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.NotNull(await handle.GetAsync());
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await handle.GetAsync());
        await Assert.ThrowsAsync<TaskNotFoundException>(() => handle.WaitAsync());
        TaskCounts counts = (await fixture.Tasks.GetStatisticsAsync()).Counts;
        Assert.Equal((1, 1), (counts.Accepted, counts.Removed));
    }

    [Fact]
    public async Task MaxRetained_MoreThanThat_TheOneThatEndedFirstGoes()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"), options => options.MaxRetained = 3);
        var handles = new List<TaskHandle<string>>();
        for (int i = 0; i < 5; i++)
        {
            TaskHandle<string> handle = await fixture.SubmitAsync();
            await handle.WaitAsync().Patiently();
            handles.Add(handle);
        }

        await Patience.UntilAsync(async () => await handles[1].GetAsync() is null); // whoever waits for the last is woken a moment before that goes
        bool[] kept = await Task.WhenAll(handles.Select(async handle => await handle.GetAsync() is not null));

        Assert.Equal([false, false, true, true, true], kept);
    }

    [Fact]
    public async Task MaxRetained_None_WhoeverWaitedGetsTheResultAllTheSame()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleAsync, options => options.MaxRetained = 0);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        Task<string> waiting = handle.WaitAsync();
        await gate.Entered;

        gate.Open();

        Assert.Equal("done", await waiting.Patiently());
        await Patience.UntilAsync(async () => await handle.GetAsync() is null); // whoever waits is woken a moment before it goes
    }

    [Fact]
    public async Task MaxRetained_TasksBornCancelled_StaysWithinTheBound()
    {
        await using var fixture = EngineFixture.Create((_, _) => throw new FormatException("no good"), options => options.MaxRetained = 3);
        TaskHandle<string> failed = await fixture.SubmitAsync();
        await failed.WhenEndedAsync().Patiently();

        for (int i = 0; i < 3; i++)
        {
            await fixture.SubmitAsync(options: new SubmitOptions { DependsOn = [failed.Id] });
        }

        TaskCounts counts = (await fixture.Tasks.GetStatisticsAsync()).Counts;
        Assert.Equal((3L, 1L), (counts.ByState[TaskState.Cancelled], counts.Removed));
    }

    [Fact]
    public async Task Remove_EndedTask_IsGoneAndRemembered()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await handle.WaitAsync().Patiently();

        Assert.Equal(RemoveOutcome.Removed, await fixture.Tasks.RemoveAsync(handle.Id));

        Assert.Null(await handle.GetAsync());
        Assert.True(fixture.Tasks.WasRemoved(handle.Id));
        Assert.Equal(RemoveOutcome.Missing, await fixture.Tasks.RemoveAsync(handle.Id));
    }

    [Fact]
    public async Task Remove_RunningTask_IsCancelledAndGoneOnceItHasStopped()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleAsync);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await gate.Entered;
        Task<TaskRecord> ended = handle.WhenEndedAsync();

        Assert.Equal(RemoveOutcome.Unfinished, await fixture.Tasks.RemoveAsync(handle.Id));

        Assert.Equal(TaskState.Cancelled, (await ended.Patiently()).State);
        await Patience.UntilAsync(async () => await handle.GetAsync() is null); // whoever waits is woken a moment before it goes
    }

    [Fact]
    public async Task WhenIdle_WaitsForQueuedAndRunningButNotForScheduled()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleAsync);
        await fixture.Tasks.WhenIdleAsync().Patiently();
        await fixture.SubmitAsync();
        await fixture.SubmitAsync(options: new SubmitOptions { Delay = TimeSpan.FromHours(1) });
        Task idle = fixture.Tasks.WhenIdleAsync();

        await gate.Entered;
        Assert.False(idle.IsCompleted);
        gate.Open();

        await idle.Patiently();
    }
}
