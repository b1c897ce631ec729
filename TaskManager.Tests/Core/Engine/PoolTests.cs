using System.Collections.Concurrent;

namespace TaskManager.Tests.Core.Engine;

public sealed class PoolTests
{
    [Fact]
    public async Task Run_TwelveTasks_NeverMoreThanFiveAtOnceInOrderOfSubmission()
    {
        int running = 0;
        int most = 0;
        var started = new ConcurrentQueue<string>();
        var proceed = new SemaphoreSlim(0);
        await using var fixture = EngineFixture.Create(async (task, context) =>
        {
            started.Enqueue(task.Name);
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await proceed.WaitAsync(context.CancellationToken);
            Interlocked.Decrement(ref running);
            return task.Name;
        });
        var handles = new List<TaskHandle<string>>();
        for (int i = 0; i < 12; i++)
        {
            handles.Add(await fixture.SubmitAsync($"{i:00}"));
        }

        await Patience.UntilAsync(() => Volatile.Read(ref running) == 5);
        Assert.Equal(5, (await fixture.Tasks.GetStatisticsAsync()).Counts.ByState[TaskState.Processing]);
        proceed.Release(12);
        await Task.WhenAll(handles.Select(handle => handle.WaitAsync())).Patiently();

        Assert.Equal(5, most);
        TaskRecord[] records = [.. await Task.WhenAll(handles.Select(async handle => (await handle.GetAsync())!.Value))];
        Assert.Equal(records.OrderBy(record => record.Definition.Sequence).Select(record => record.Id), records.OrderBy(record => record.Status.StartedAt).ThenBy(record => record.Definition.Sequence).Select(record => record.Id));
    }

    [Fact]
    public async Task Run_FourThreadsSubmitAHundredThousand_TheStartsFollowTheSequence()
    {
        const int Threads = 4;
        const int Each = 25_000;
        var claims = new ConcurrentQueue<long>();
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"), options => options.QueueCapacity = Threads * Each);
        Storage().Changed += change =>
        {
            if (change.Record.State == TaskState.Processing)
            {
                claims.Enqueue(change.Record.Definition.Sequence);
            }
        };
        using var start = new Barrier(Threads);

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                for (int i = 0; i < Each; i++)
                {
                    ValueTask<TaskHandle<string>> submitting = fixture.Tasks.SubmitAsync(new Work(string.Empty));
                    Assert.True(submitting.IsCompletedSuccessfully);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))).Patiently();
        await fixture.Tasks.WhenIdleAsync().Patiently();

        Assert.Equal(Enumerable.Range(1, Threads * Each).Select(sequence => (long)sequence), claims);

        ITaskStore Storage() => fixture.Store;
    }

    [Fact]
    public async Task Scale_UpAndDownUnderLoad_NothingIsCutShortAndTheBusyFollow()
    {
        var proceed = new SemaphoreSlim(0);
        int running = 0;
        await using var fixture = EngineFixture.Create(async (task, context) =>
        {
            Task turn = proceed.WaitAsync(context.CancellationToken); // who is counted stands in line: none that comes later goes first
            Interlocked.Increment(ref running);
            await turn;
            Interlocked.Decrement(ref running);
            return task.Name;
        });
        TaskHandle<string>[] handles = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => fixture.SubmitAsync($"{i}")));

        await Patience.UntilAsync(() => Volatile.Read(ref running) == 5);
        fixture.Pool.Scale(50);
        await Patience.UntilAsync(() => Volatile.Read(ref running) == 50);
        fixture.Pool.Scale(1);
        proceed.Release(50);
        await Patience.UntilAsync(() => fixture.Pool.Status.Busy == 1);
        Assert.Equal(1, fixture.Pool.Status.Slots);
        proceed.Release(10);

        await Task.WhenAll(handles.Select(handle => handle.WaitAsync())).Patiently();
    }

    [Fact]
    public async Task Scale_UpAtTheBoundOfAbandonedHandlers_TheNewSlotsWorkOnceOneEnds()
    {
        var stubborn = new Gate();
        int running = 0;
        var proceed = new SemaphoreSlim(0);
        await using var fixture = EngineFixture.Create(
            async (task, context) =>
            {
                if (task.Name == "stubborn")
                {
                    return await stubborn.HandleStubbornlyAsync(task, context);
                }

                Interlocked.Increment(ref running);
                await proceed.WaitAsync(context.CancellationToken);
                return task.Name;
            },
            options => (options.MaxConcurrency, options.MaxAbandoned) = (1, 1));
        TaskHandle<string> abandoned = await fixture.SubmitAsync("stubborn");
        await stubborn.Entered;
        await abandoned.CancelAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(30));
        await Patience.UntilAsync(() => fixture.Pool.Status.Abandoned == 1);

        fixture.Pool.Scale(3);
        TaskHandle<string>[] handles = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => fixture.SubmitAsync($"{i}")));
        Assert.Equal(0, Volatile.Read(ref running));
        stubborn.Open();

        await Patience.UntilAsync(() => Volatile.Read(ref running) == 3);
        proceed.Release(3);
        await Task.WhenAll(handles.Select(handle => handle.WaitAsync())).Patiently();
    }

    [Fact]
    public async Task Stop_ThenStart_ClaimsNothingInBetween()
    {
        int entered = 0;
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult($"{Interlocked.Increment(ref entered)}"));
        await (await fixture.SubmitAsync()).WaitAsync().Patiently();

        fixture.Pool.Stop();
        TaskHandle<string> held = await fixture.SubmitAsync();
        Assert.Equal("pool_stopped", (await fixture.Tasks.ExplainAsync((await held.GetAsync())!.Value))!.Reason);
        Assert.Equal(1, Volatile.Read(ref entered));
        fixture.Pool.Start();

        Assert.Equal("2", await held.WaitAsync().Patiently());
    }

    [Fact]
    public async Task Stop_BeforeTheFirstSubmission_IsNotUndoneByIt()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("ran"));

        fixture.Pool.Stop();
        TaskHandle<string> held = await fixture.SubmitAsync();
        Assert.False(fixture.Pool.Status.IsRunning);
        Assert.Equal("pool_stopped", (await fixture.Tasks.ExplainAsync((await held.GetAsync())!.Value))!.Reason);
        fixture.Pool.Start();

        Assert.Equal("ran", await held.WaitAsync().Patiently());
    }

    [Fact]
    public async Task Run_HandlerThatThrows_FailsItsTaskAlone()
    {
        await using var fixture = EngineFixture.Create((task, _) => task.Name == "bad" ? throw new FormatException("no good\n\u0007") : Task.FromResult("good"));

        TaskHandle<string> bad = await fixture.SubmitAsync("bad");
        TaskHandle<string> good = await fixture.SubmitAsync("good");

        TaskFailedException failed = await Assert.ThrowsAsync<TaskFailedException>(() => bad.WaitAsync().Patiently());
        Assert.Equal(new TaskError(TaskErrorCodes.HandlerFailed, "no good  ", "System.FormatException"), failed.Error);
        Assert.Equal("good", await good.WaitAsync().Patiently());
    }

    [Fact]
    public async Task Run_HandlerThatSubmitsAndWaits_DoesNotDeadlock()
    {
        EngineFixture? fixture = null;
        fixture = EngineFixture.Create(async (task, _) => task.Name == "parent" ? "child: " + await (await fixture!.SubmitAsync("child")).WaitAsync() : "done");
        await using (fixture)
        {
            Assert.Equal("child: done", await (await fixture.SubmitAsync("parent")).WaitAsync().Patiently());
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen)
        {
            seen = Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
