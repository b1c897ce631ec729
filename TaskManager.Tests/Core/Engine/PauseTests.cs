namespace TaskManager.Tests.Core.Engine;

public sealed class PauseTests
{
    [Fact]
    public async Task Pause_FiveRunning_FiveOthersRunMeanwhileAndEachGoesOnWhereItWas()
    {
        const int Slots = 5;
        var steps = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        var proceed = new SemaphoreSlim(0);
        await using var fixture = EngineFixture.Create(async (task, context) =>
        {
            if (task.Name.StartsWith("short", StringComparison.Ordinal))
            {
                return task.Name;
            }

            for (int step = 1; step <= 3; step++)
            {
                await context.CheckpointAsync();
                steps[task.Name] = step;
                await proceed.WaitAsync(context.CancellationToken);
            }

            await context.CheckpointAsync();
            return task.Name;
        });
        TaskHandle<string>[] longs = await Task.WhenAll(Enumerable.Range(0, Slots).Select(i => fixture.SubmitAsync($"long {i}")));
        await Patience.UntilAsync(() => steps.Count == Slots);

        foreach (TaskHandle<string> handle in longs)
        {
            Assert.True((await handle.PauseAsync()).Record.Status.PauseRequested);
        }

        proceed.Release(Slots);
        foreach (TaskHandle<string> handle in longs)
        {
            TaskRecord paused = await handle.WhenAsync(TaskState.Paused).Patiently();
            Assert.True(paused.Status.IsSuspended);
        }

        await Patience.UntilAsync(() => fixture.Pool.Status is { Busy: 0, Suspended: Slots }); // a slot comes free a moment after its task is paused
        TaskHandle<string>[] shorts = await Task.WhenAll(Enumerable.Range(0, Slots).Select(i => fixture.SubmitAsync($"short {i}")));
        await Task.WhenAll(shorts.Select(handle => handle.WaitAsync())).Patiently();
        Assert.All(steps.Values, step => Assert.Equal(1, step));

        foreach (TaskHandle<string> handle in longs)
        {
            Assert.Equal(MoveOutcome.Applied, (await handle.ResumeAsync()).Outcome);
        }

        proceed.Release(2 * Slots);
        await Task.WhenAll(longs.Select(handle => handle.WaitAsync())).Patiently();
        Assert.All(steps.Values, step => Assert.Equal(3, step));
        foreach (TaskHandle<string> handle in longs)
        {
            TaskRecord record = (await handle.GetAsync())!.Value;
            Assert.Equal(1, record.Status.Attempt);
            Assert.Single(record.Attempts());
        }

        Assert.Equal(0, fixture.Pool.Status.Suspended);
    }

    [Fact]
    public async Task Pause_Suspended_TheTimeoutStandsStill()
    {
        var stood = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(async (task, context) =>
        {
            gate.Enter();
            await stood.Task;
            await context.CheckpointAsync();
            return await gate.HandleAsync(task, context);
        });
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await gate.Entered;
        fixture.Clock.Advance(TimeSpan.FromMinutes(29));
        await handle.PauseAsync();
        stood.SetResult();
        await handle.WhenAsync(TaskState.Paused).Patiently();

        fixture.Clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal(TaskState.Paused, (await handle.GetAsync())!.Value.State);
        await handle.ResumeAsync();
        await handle.WhenAsync(TaskState.Processing).Patiently();
        await Patience.UntilAsync(() => gate.Entries == 2);
        fixture.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False((await handle.GetAsync())!.Value.Status.TimeoutFired);
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));

        TaskRecord record = await handle.WhenEndedAsync().Patiently();
        Assert.Equal(TaskState.TimedOut, record.State);
        Assert.Equal(TimeSpan.FromMinutes(30), record.Ran(fixture.Tasks.Now));
    }

    [Fact]
    public async Task Cancel_Suspended_WakesTheHandlerToCleanUp()
    {
        var cleanedUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fixture = EngineFixture.Create(async (_, context) =>
        {
            try
            {
                while (true)
                {
                    await context.CheckpointAsync();
                    await Task.Yield();
                }
            }
            finally
            {
                cleanedUp.SetResult();
            }
        });
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await handle.WhenAsync(TaskState.Processing).Patiently();
        await handle.PauseAsync();
        await handle.WhenAsync(TaskState.Paused).Patiently();

        await handle.CancelAsync();

        Assert.Equal(TaskState.Cancelled, (await handle.OutcomeAsync().Patiently()).State);
        await cleanedUp.Task.Patiently();
        await Patience.UntilAsync(() => fixture.Pool.Status.Suspended == 0);
    }

    [Fact]
    public async Task Cancel_SuspendedThatIgnoresIt_IsAbandoned()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(async (task, context) =>
        {
            try
            {
                while (true)
                {
                    await context.CheckpointAsync();
                    await Task.Yield();
                }
            }
            catch (OperationCanceledException)
            {
                return await gate.HandleStubbornlyAsync(task, context);
            }
        });
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await handle.WhenAsync(TaskState.Processing).Patiently();
        await handle.PauseAsync();
        await handle.WhenAsync(TaskState.Paused).Patiently();
        await handle.CancelAsync();
        await gate.Entered;

        fixture.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal((TaskState.Cancelled, TaskErrorCodes.Abandoned), (await handle.OutcomeAsync().Patiently()) is var o ? (o.State, o.Error!.Code) : default);
        Assert.Equal((1, 0, 0), (fixture.Pool.Status.Abandoned, fixture.Pool.Status.Suspended, fixture.Pool.Status.Busy));
        gate.Open();
        await Patience.UntilAsync(() => fixture.Pool.Status.Abandoned == 0);
    }

    [Fact]
    public async Task Pause_Queued_IsHeldAndKeepsItsPlace()
    {
        var order = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(
            (task, context) =>
            {
                order.Enqueue(task.Name);
                return task.Name == "first" ? gate.HandleAsync(task, context) : Task.FromResult(task.Name);
            },
            options => options.MaxConcurrency = 1);
        await fixture.SubmitAsync("first");
        await gate.Entered;
        TaskHandle<string> second = await fixture.SubmitAsync("second");
        TaskHandle<string> third = await fixture.SubmitAsync("third");

        Assert.Equal(TaskState.Paused, (await second.PauseAsync()).Record.State);
        Assert.Equal("paused", (await fixture.Tasks.ExplainAsync((await second.GetAsync())!.Value))!.Reason);
        await second.ResumeAsync();
        gate.Open();
        await third.WaitAsync().Patiently();

        Assert.Equal(["first", "second", "third"], order);
    }

    [Fact]
    public async Task Pause_AsManySuspendedAsMayBe_TheCheckpointDoesNotSuspend()
    {
        int checkpoints = 0;
        await using var fixture = EngineFixture.Create(
            async (_, context) =>
            {
                while (!context.CancellationToken.IsCancellationRequested)
                {
                    await context.CheckpointAsync();
                    Interlocked.Increment(ref checkpoints);
                    await Task.Yield();
                }

                context.CancellationToken.ThrowIfCancellationRequested();
                return string.Empty;
            },
            options => options.MaxSuspended = 0);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await handle.WhenAsync(TaskState.Processing).Patiently();

        TaskMove move = await handle.PauseAsync();
        int before = Volatile.Read(ref checkpoints);
        await Patience.UntilAsync(() => Volatile.Read(ref checkpoints) > before + 2);

        Assert.True(move.Record.Status.PauseRequested);
        Assert.Equal(TaskState.Processing, (await handle.GetAsync())!.Value.State);
        await handle.CancelAsync();
        await handle.WhenEndedAsync().Patiently();
    }

    [Fact]
    public async Task Pause_ThousandFlipsOfAQueuedTaskByEightClients_OneClaimAndTheOldPlace()
    {
        var gate = new Gate();
        int entries = 0;
        await using var fixture = EngineFixture.Create(
            (task, context) => task.Name == "first" ? gate.HandleAsync(task, context) : Task.FromResult($"{Interlocked.Increment(ref entries)}"),
            options => options.MaxConcurrency = 1);
        await fixture.SubmitAsync("first");
        await gate.Entered;
        TaskHandle<string> flipped = await fixture.SubmitAsync("flipped");
        long sequence = (await flipped.GetAsync())!.Value.Definition.Sequence;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 125; i++)
            {
                await flipped.PauseAsync();
                await flipped.ResumeAsync();
            }
        }))).Patiently();
        await flipped.ResumeAsync();
        gate.Open();

        Assert.Equal("1", await flipped.WaitAsync().Patiently());
        Assert.Equal((1, sequence), (entries, (await flipped.GetAsync())!.Value.Definition.Sequence));
    }
}
