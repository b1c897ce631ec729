using System.Collections.Concurrent;

namespace TaskManager.Tests.Core.Engine;

/// <summary>Each of these fails when its feature is taken out.</summary>
public sealed class OrderTests
{
    [Fact]
    public async Task Priority_HigherFirst_ButEveryEighthTheOldest()
    {
        string[] order = await RunOneByOneAsync(Enumerable.Range(0, 10).Select(i => ($"low {i}", new SubmitOptions { Priority = TaskPriority.Low }))
            .Concat(Enumerable.Range(0, 10).Select(i => ($"high {i}", new SubmitOptions { Priority = TaskPriority.High })))
            .Append(("critical", new SubmitOptions { Priority = TaskPriority.Critical })));

        // The gate took the first claim, so the seventh of these is the eighth.
        Assert.Equal("critical", order[0]);
        Assert.Equal(["high 0", "high 1", "high 2", "high 3", "high 4"], order[1..6]);
        Assert.Equal("low 0", order[6]);
        Assert.Equal(["high 5", "high 6"], order[7..9]);
    }

    [Fact]
    public async Task FairnessKey_CallerWithHundredThousandQueued_DoesNotStarveOneWithThree()
    {
        string[] order = await RunOneByOneAsync(Enumerable.Range(0, 100_000).Select(i => ($"many {i}", new SubmitOptions { FairnessKey = "many" }))
            .Concat(Enumerable.Range(0, 3).Select(i => ($"few {i}", new SubmitOptions { FairnessKey = "few" }))));

        Assert.True(Array.IndexOf(order, "few 2") < 10, $"The last of three came as number {Array.IndexOf(order, "few 2")}.");
    }

    [Fact]
    public async Task MaxConcurrency_OfAType_HoldsItBackAndNobodyElse()
    {
        var release = new SemaphoreSlim(0);
        int running = 0;
        int most = 0;
        await using var fixture = EngineFixture.Create(
            async (task, context) =>
            {
                lock (release)
                {
                    most = Math.Max(most, ++running);
                }

                await release.WaitAsync(context.CancellationToken);
                lock (release)
                {
                    running--;
                }

                return task.Name;
            },
            type: type => type.MaxConcurrency = 2,
            more: builder => builder.AddHandler("free", (Free task, TaskContext _) => task.Number));
        IReadOnlyList<TaskHandle<string>> limited = await fixture.Tasks.SubmitManyAsync(Enumerable.Range(0, 6).Select(i => new Work($"{i}")));
        IReadOnlyList<TaskHandle<int>> free = await fixture.Tasks.SubmitManyAsync(Enumerable.Range(0, 50).Select(i => new Free(i)));

        await Task.WhenAll(free.Select(handle => handle.WaitAsync())).Patiently();
        TaskWaitReason reason = (await fixture.Tasks.ExplainAsync((await limited[5].GetAsync())!.Value))!;
        Assert.Equal(("type_limit", "work", 2), (reason.Reason, reason.TaskType!.Name, reason.TaskType.MaxConcurrency));
        await Patience.UntilAsync(() => Volatile.Read(ref running) == 2); // claimed is not yet entered
        release.Release(6);

        await Task.WhenAll(limited.Select(handle => handle.WaitAsync())).Patiently();
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task Rate_OfAType_CountsNoAttemptThatGoesOn()
    {
        await using EngineFixture fixture = EngineFixture.Create(
            async (_, context) =>
            {
                await context.CheckpointAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, context.Clock, context.CancellationToken);
                return "done";
            },
            options => options.MaxConcurrency = 0, // the test alone claims
            type => type.Rate = new TaskRate(2, TimeSpan.FromMinutes(1)));
        TaskHandle<string> first = await fixture.SubmitAsync("a");
        TaskRecord[] claimed = new TaskRecord[1];
        var claim = new TaskClaim("internal", "internal-1", new TaskTypeSet([EngineFixture.TypeName]), Timeout.InfiniteTimeSpan);
        Assert.Equal(1, (await fixture.Store.ClaimAsync(claim, claimed, CancellationToken.None)).Count);
        await MoveAsync(LifecycleEvent.Pause());
        await MoveAsync(LifecycleEvent.CheckpointReached(1));
        await MoveAsync(LifecycleEvent.Resume());
        Assert.Equal(1, (await fixture.Store.ClaimAsync(claim, claimed, CancellationToken.None)).Count);
        await fixture.SubmitAsync("b");
        Assert.Equal(1, (await fixture.Store.ClaimAsync(claim, claimed, CancellationToken.None)).Count);

        async Task MoveAsync(LifecycleEvent change)
        {
            TaskRecord record = (await first.GetAsync())!.Value;
            Assert.Equal(UpdateOutcome.Updated, await fixture.Store.TryUpdateAsync(record, TaskLifecycle.Apply(record, change, fixture.Store.Now).Next!, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Rate_SpanThatEndsBetweenTwoSweeps_StartsTheNextThen()
    {
        await using var fixture = EngineFixture.Create(
            (task, _) => Task.FromResult(task.Name),
            options => options.DefaultTimeout = Timeout.InfiniteTimeSpan, // the alarm is for the rate alone
            type => type.Rate = new TaskRate(1, TimeSpan.FromSeconds(2.5)));
        IReadOnlyList<TaskHandle<string>> limited = await fixture.Tasks.SubmitManyAsync([new Work("first"), new Work("second")]);
        await limited[0].WaitAsync().Patiently();
        await Patience.UntilAsync(() => fixture.Clock.Callbacks == 2); // the sweep and the alarm

        fixture.Clock.Advance(TimeSpan.FromSeconds(2.5) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(TaskState.Queued, (await limited[1].GetAsync())!.Value.State);
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("second", await limited[1].WaitAsync().Patiently());
    }

    [Fact]
    public async Task Rate_OfAType_StartsNoMoreWithinTheSpan()
    {
        await using var fixture = EngineFixture.Create(
            (task, _) => Task.FromResult(task.Name),
            type: type => type.Rate = new TaskRate(2, TimeSpan.FromSeconds(10)),
            more: builder => builder.AddHandler("free", (Free task, TaskContext _) => task.Number));
        IReadOnlyList<TaskHandle<string>> limited = await fixture.Tasks.SubmitManyAsync(Enumerable.Range(0, 5).Select(i => new Work($"{i}")));
        await (await fixture.Tasks.SubmitAsync(new Free(1))).WaitAsync().Patiently();
        await Task.WhenAll(limited.Take(2).Select(handle => handle.WaitAsync())).Patiently();

        Assert.Equal("type_rate", (await fixture.Tasks.ExplainAsync((await limited[2].GetAsync())!.Value))!.Reason);
        fixture.Clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(TaskState.Queued, (await limited[2].GetAsync())!.Value.State);
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await Task.WhenAll(limited.Skip(2).Take(2).Select(handle => handle.WaitAsync())).Patiently();
        Assert.Equal(TaskState.Queued, (await limited[4].GetAsync())!.Value.State);
        fixture.Clock.Advance(TimeSpan.FromSeconds(10));

        await limited[4].WaitAsync().Patiently();
    }

    private static async Task<string[]> RunOneByOneAsync(IEnumerable<(string Name, SubmitOptions Options)> submissions)
    {
        var order = new ConcurrentQueue<string>();
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(
            (task, context) =>
            {
                if (task.Name == "gate")
                {
                    return gate.HandleAsync(task, context);
                }

                order.Enqueue(task.Name);
                return Task.FromResult(task.Name);
            },
            options => (options.MaxConcurrency, options.QueueCapacity) = (1, 1_000_000));
        await fixture.SubmitAsync("gate");
        await gate.Entered;
        foreach ((string name, SubmitOptions options) in submissions)
        {
            await fixture.SubmitAsync(name, options);
        }

        gate.Open();
        await fixture.Tasks.WhenIdleAsync().Patiently();
        return [.. order];
    }

    private sealed record Free(int Number) : ITaskParameters<int>;
}
