using System.Collections.Concurrent;
using static TaskManager.Tests.Core.Workers.WorkerFixture;

namespace TaskManager.Tests.Core.Workers;

public sealed class ClaimTests
{
    [Fact]
    public async Task Heartbeat_WaitOfLessThanAMillisecond_WaitsForTheClock()
    {
        await using WorkerFixture fixture = await CreateAsync();
        long begun = fixture.Clock.WaitsBegun;
        Task<HeartbeatAnswer> heartbeat = Task.Run(() => fixture.Workers.HeartbeatAsync(Worker, incarnation: null, [], TimeSpan.FromMicroseconds(500)).AsTask());
        await Patience.UntilAsync(() => fixture.Clock.WaitsBegun > begun);

        fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(WorkerCallOutcome.Accepted, (await heartbeat.Patiently()).Outcome);
    }

    [Fact]
    public async Task Claim_WaitOfLessThanAMillisecond_WaitsForTheClock()
    {
        await using WorkerFixture fixture = await CreateAsync();
        long begun = fixture.Clock.WaitsBegun;
        Task<ClaimAnswer> claim = Task.Run(() => fixture.Workers.ClaimAsync(Worker, incarnation: null, 1, TimeSpan.FromMicroseconds(500)).AsTask());
        await Patience.UntilAsync(() => fixture.Clock.WaitsBegun > begun);

        fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Empty((await claim.Patiently()).Tasks);
    }

    [Fact]
    public async Task Claim_MoreThanThereAre_GivesThoseInTheirOrder()
    {
        await using WorkerFixture fixture = await CreateAsync();
        Guid low = await fixture.SubmitAsync(new SubmitOptions { Priority = TaskPriority.Low });
        Guid first = await fixture.SubmitAsync();
        Guid second = await fixture.SubmitAsync();
        Assert.Equal([first, second], (await fixture.ClaimAsync(max: 2)).Select(task => task.Id));
        Assert.Equal([low], (await fixture.ClaimAsync(max: 5)).Select(task => task.Id));
        Assert.Equal(3, Assert.Single(fixture.Workers.List()).TaskIds.Count);
    }

    [Fact]
    public async Task Claim_WaitsForATask_GetsItWhenItIsQueued()
    {
        await using WorkerFixture fixture = await CreateAsync();
        Task<ClaimAnswer> claim = fixture.Workers.ClaimAsync(Worker, incarnation: null, 5, TimeSpan.FromSeconds(30)).AsTask();
        Assert.False(claim.IsCompleted);
        Guid id = await fixture.SubmitAsync();
        Assert.Equal(id, Assert.Single((await claim.Patiently()).Tasks).Id);
    }

    [Fact]
    public async Task Claim_WaitsInVain_GivesNoneAndLeavesNothingBehind()
    {
        await using WorkerFixture fixture = await CreateAsync();
        Task<ClaimAnswer> claim = fixture.Workers.ClaimAsync(Worker, incarnation: null, 5, TimeSpan.FromSeconds(30)).AsTask();
        Assert.Equal(1, (await fixture.Tasks.GetStatisticsAsync()).Bounds["waiters"].Used);
        fixture.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Empty((await claim.Patiently()).Tasks);
        Assert.Equal(0, (await fixture.Tasks.GetStatisticsAsync()).Bounds["waiters"].Used);
    }

    [Fact]
    public async Task Claim_WaitIsCancelled_TheTaskGoesToTheNextThatWaits()
    {
        await using WorkerFixture fixture = await CreateAsync();
        using var impatience = new CancellationTokenSource();
        Task<ClaimAnswer> first = fixture.Workers.ClaimAsync(Worker, incarnation: null, 1, TimeSpan.FromSeconds(30), impatience.Token).AsTask();
        Task<ClaimAnswer> second = fixture.Workers.ClaimAsync(Worker, incarnation: null, 1, TimeSpan.FromSeconds(30)).AsTask();
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Patiently());
        Guid id = await fixture.SubmitAsync();
        Assert.Equal(id, Assert.Single((await second.Patiently()).Tasks).Id);
    }

    [Fact]
    public async Task Claim_OnlyTypesThatTheWorkerRegistered()
    {
        await using WorkerFixture fixture = await CreateAsync();
        await fixture.RegisterAsync("worker-2-gpu", "first", "crop");
        Guid crop = await fixture.SubmitAsync(type: "crop");
        Guid resize = await fixture.SubmitAsync();
        Assert.Equal(resize, Assert.Single(await fixture.ClaimAsync(max: 10)).Id);
        Assert.Equal(crop, Assert.Single(await fixture.ClaimAsync(max: 10, "worker-2-gpu")).Id);
    }

    [Fact]
    public async Task Claim_EightAtOnce_NoTaskGoesToTwo()
    {
        const int Tasks = 2_000;
        await using WorkerFixture fixture = await CreateAsync();
        string[] workers = [.. Enumerable.Range(1, 8).Select(number => $"worker-{number}-x")];
        foreach (string worker in workers)
        {
            await fixture.RegisterAsync(worker);
        }

        var claimed = new ConcurrentBag<Guid>();
        Task[] claiming = [.. workers.Select(worker => Task.Run(async () =>
        {
            while (claimed.Count < Tasks)
            {
                ClaimAnswer answer = await fixture.Workers.ClaimAsync(worker, incarnation: null, 5, TimeSpan.Zero);
                Assert.InRange(answer.Tasks.Count, 0, 5);
                foreach (TaskRecord task in answer.Tasks)
                {
                    claimed.Add(task.Id);
                    Assert.Equal(MoveOutcome.Applied, (await fixture.CompleteAsync(task)).Outcome);
                }

                await Task.Yield();
            }
        }))];
        for (int i = 0; i < Tasks; i++)
        {
            await fixture.SubmitAsync();
        }

        await Task.WhenAll(claiming).Patiently();
        Assert.Equal(Tasks, claimed.Distinct().Count());
        Assert.Equal(Tasks, (await fixture.Tasks.GetStatisticsAsync()).Counts.ByState[TaskState.Completed]);
    }

    [Fact]
    public async Task Claim_EveryEighth_TakesTheOldestOfAnyPriority()
    {
        await using WorkerFixture fixture = await CreateAsync();
        Guid low = await fixture.SubmitAsync(new SubmitOptions { Priority = TaskPriority.Low });
        for (int i = 0; i < 20; i++)
        {
            await fixture.SubmitAsync(new SubmitOptions { Priority = TaskPriority.High });
        }

        IReadOnlyList<TaskRecord> claimed = await fixture.ClaimAsync(max: 8);
        Assert.Equal(low, claimed[7].Id);
    }

    [Fact]
    public async Task Explain_NoLiveWorker_SaysSo()
    {
        await using WorkerFixture fixture = await CreateAsync(more: builder => builder.AddWorkerTaskType("crop"));
        Guid crop = await fixture.SubmitAsync(type: "crop");
        Guid resize = await fixture.SubmitAsync();
        Assert.Equal("no_worker", (await fixture.Tasks.ExplainAsync(await fixture.GetAsync(crop)))!.Reason);
        Assert.Equal("slot", (await fixture.Tasks.ExplainAsync(await fixture.GetAsync(resize)))!.Reason);
        fixture.Clock.Advance(Lease);
        Assert.Equal("no_worker", (await fixture.Tasks.ExplainAsync(await fixture.GetAsync(resize)))!.Reason);
        await fixture.BeatAsync(TimeSpan.Zero);
        Assert.Equal("slot", (await fixture.Tasks.ExplainAsync(await fixture.GetAsync(resize)))!.Reason);
        await fixture.Workers.LeaveAsync(Worker, incarnation: null);
        Assert.Equal("no_worker", (await fixture.Tasks.ExplainAsync(await fixture.GetAsync(resize)))!.Reason);
    }
}
