namespace TaskManager.Tests.Core.Engine;

public sealed class CancelTests
{
    [Fact]
    public async Task Cancel_QueuedTask_IsCancelledAndNeverEntered()
    {
        var running = new Gate();
        int entered = 0;
        await using var fixture = EngineFixture.Create(
            (task, context) => task.Name == "first" ? running.HandleAsync(task, context) : Task.FromResult($"{Interlocked.Increment(ref entered)}"),
            options => options.MaxConcurrency = 1);
        TaskHandle<string> first = await fixture.SubmitAsync("first");
        await running.Entered;
        TaskHandle<string> second = await fixture.SubmitAsync("second");

        TaskMove move = await second.CancelAsync();

        Assert.Equal(MoveOutcome.Applied, move.Outcome);
        Assert.Equal(TaskState.Cancelled, move.Record.State);
        running.Open();
        await first.WaitAsync().Patiently();
        await fixture.Tasks.WhenIdleAsync().Patiently();
        Assert.Equal(0, entered);
        await Assert.ThrowsAsync<TaskCancelledException>(() => second.WaitAsync());
    }

    [Fact]
    public async Task Cancel_RunningTask_IsCancelledOnceTheHandlerHasStopped()
    {
        var mayStop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(async (task, context) =>
        {
            try
            {
                return await gate.HandleAsync(task, context);
            }
            finally
            {
                await mayStop.Task;
            }
        });
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await gate.Entered;

        TaskMove move = await handle.CancelAsync();

        Assert.Equal(TaskState.Processing, move.Record.State);
        Assert.True(move.Record.Status.CancelRequested);
        mayStop.SetResult();
        TaskOutcome<string> outcome = await handle.OutcomeAsync().Patiently();
        Assert.Equal((TaskState.Cancelled, null), (outcome.State, outcome.Error));
        Assert.Equal(AttemptOutcome.Cancelled, (await handle.GetAsync())!.Value.Attempts().Single().Outcome);
    }

    [Fact]
    public async Task Cancel_Twice_AnswersAsTheFirstTime()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleAsync);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await gate.Entered;
        await handle.CancelAsync();
        TaskRecord cancelled = await handle.WhenEndedAsync().Patiently();

        TaskMove again = await handle.CancelAsync();

        Assert.Equal(MoveOutcome.Repeated, again.Outcome);
        Assert.Equal(cancelled.Status.Version, again.Record.Status.Version);
    }

    [Fact]
    public async Task Cancel_CompletedTask_IsRefused()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await handle.WaitAsync().Patiently();

        TaskMove move = await handle.CancelAsync();

        Assert.Equal((MoveOutcome.Refused, TaskState.Completed), (move.Outcome, move.Record.State));
    }

    [Fact]
    public async Task Cancel_HandlerThatFinishesAllTheSame_Completes()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleStubbornlyAsync);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await gate.Entered;
        await handle.CancelAsync();

        gate.Open("in time");

        Assert.Equal("in time", await handle.WaitAsync().Patiently());
    }

    [Fact]
    public async Task Cancel_HandlerThatThrowsSomethingElse_IsCancelledAndKeepsTheError()
    {
        await using var fixture = EngineFixture.Create(async (_, context) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.Clock, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new InvalidOperationException("while cleaning up");
        });
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await handle.WhenAsync(TaskState.Processing).Patiently();

        await handle.CancelAsync();

        TaskOutcome<string> outcome = await handle.OutcomeAsync().Patiently();
        Assert.Equal((TaskState.Cancelled, "while cleaning up"), (outcome.State, outcome.Error?.Message));
    }

    [Fact]
    public async Task Cancel_CallbackThatThrows_DecidesNothing()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create((task, context) =>
        {
            context.CancellationToken.Register(() => throw new InvalidOperationException("from the callback"));
            return gate.HandleAsync(task, context);
        });
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await gate.Entered;

        await handle.CancelAsync().Patiently();

        Assert.Equal(TaskState.Cancelled, (await handle.OutcomeAsync().Patiently()).State);
        TaskHandle<string> other = await fixture.SubmitAsync("other");
        gate.Open();
        Assert.Equal("done", await other.WaitAsync().Patiently());
    }

    [Fact]
    public async Task Cancel_CallbackThatBlocks_DoesNotHoldTheCaller()
    {
        using var released = new ManualResetEventSlim();
        var gate = new Gate();
        await using var fixture = EngineFixture.Create((task, context) =>
        {
            if (task.Name != "blocking")
            {
                return Task.FromResult("done");
            }

            context.CancellationToken.Register(() => released.Wait());
            return gate.HandleAsync(task, context);
        });
        TaskHandle<string> handle = await fixture.SubmitAsync("blocking");
        await gate.Entered;

        TaskMove move = await handle.CancelAsync().Patiently(); // it would hang here if it ran the callback

        Assert.True(move.Record.Status.CancelRequested);
        Assert.Equal("done", await (await fixture.SubmitAsync("other")).WaitAsync().Patiently());
        released.Set();
        Assert.Equal(TaskState.Cancelled, (await handle.OutcomeAsync().Patiently()).State);
    }

    [Fact]
    public async Task Cancel_CallbackThatCallsTheManager_DoesNotDeadlock()
    {
        var gate = new Gate();
        EngineFixture? fixture = null;
        fixture = EngineFixture.Create((task, context) =>
        {
            context.CancellationToken.Register(() => _ = fixture!.Tasks.CancelAsync(context.TaskId).AsTask());
            return gate.HandleAsync(task, context);
        });
        await using (fixture)
        {
            TaskHandle<string> handle = await fixture.SubmitAsync();
            await gate.Entered;
            await handle.CancelAsync().Patiently();
            Assert.Equal(TaskState.Cancelled, (await handle.OutcomeAsync().Patiently()).State);
        }
    }

    [Fact]
    public async Task Cancel_UnknownTask_IsNotFound()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));

        Assert.Equal(MoveOutcome.NotFound, (await fixture.Tasks.CancelAsync(Guid.NewGuid())).Outcome);
    }

    [Fact]
    public async Task Cancel_ThousandsAtRandomMoments_OneEndEachThatAgreesWithTheAnswer()
    {
        const int Count = 2_000;
        await using var fixture = EngineFixture.Create(
            async (_, context) =>
            {
                for (int i = 0; i < 20; i++)
                {
                    await Task.Yield();
                    context.CancellationToken.ThrowIfCancellationRequested();
                }

                return "done";
            },
            options => options.MaxConcurrency = 8);
        var random = new Random(20260101);
        var handles = new List<TaskHandle<string>>();
        var cancels = new List<Task<TaskMove>>();
        for (int i = 0; i < Count; i++)
        {
            TaskHandle<string> handle = await fixture.SubmitAsync();
            handles.Add(handle);
            int after = random.Next(2_000);
            cancels.Add(Task.Run(async () =>
            {
                for (int spin = 0; spin < after; spin++)
                {
                    await Task.Yield();
                }

                return await handle.CancelAsync();
            }));
        }

        TaskMove[] moves = await Task.WhenAll(cancels).Patiently();
        await fixture.Tasks.WhenIdleAsync().Patiently();

        for (int i = 0; i < Count; i++)
        {
            TaskRecord ended = (await handles[i].GetAsync())!.Value;
            Assert.True(ended.IsDone);
            if (moves[i].Outcome == MoveOutcome.Refused)
            {
                Assert.Equal(TaskState.Completed, ended.State);
            }
            else if (moves[i].Record.State == TaskState.Cancelled)
            {
                Assert.Equal(TaskState.Cancelled, ended.State);
            }
        }

        TaskCounts counts = (await fixture.Tasks.GetStatisticsAsync()).Counts;
        Assert.Equal(Count, counts.ByState[TaskState.Completed] + counts.ByState[TaskState.Cancelled]);
        Assert.Equal(counts.Accepted, counts.ByState.Values.Sum() + counts.Removed);
    }
}
