using TaskManager.Tests.Proof.Races;
using static TaskManager.Tests.Core.Workers.WorkerFixture;

namespace TaskManager.Tests.Core.Workers;

/// <summary>When something must be done about a lease, whoever else has a hand in it and whatever fails.</summary>
public sealed class LeaseDeadlineTests
{
    private static readonly TimeSpan AbandonAfter = TimeSpan.FromSeconds(10);

    private SyncPointStore? _store;

    [Fact]
    public async Task Timeout_StoreIsAwayWhenItIsDue_FiresALittleLater()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord[] claimed = [await StartAsync(fixture, seconds: 5), await StartAsync(fixture, seconds: 5), await StartAsync(fixture, seconds: 5)];
        FailOnce(status => status.TimeoutFired);
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        await Patience.UntilAsync(async () => (await FiredAsync(fixture, claimed)) == 2); // one that fails holds up no other
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        await Patience.UntilAsync(async () => (await FiredAsync(fixture, claimed)) == 3);
    }

    [Fact]
    public async Task Abandon_StoreIsAwayWhenItIsDue_ComesALittleLater()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        await fixture.Tasks.CancelAsync(claimed.Id);
        FailOnce(status => status.State == TaskState.Cancelled);
        fixture.Clock.Advance(AbandonAfter);
        await Patience.UntilAsync(() => _store!.BeforeUpdate is null);
        await fixture.Engine.DueWork.DoAsync();
        Assert.Equal(TaskState.Processing, (await fixture.GetAsync(claimed.Id)).State);
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TaskState.Cancelled, (await fixture.Tasks.GetHandle(claimed.Id).WhenEndedAsync().Patiently()).State);
    }

    [Fact]
    public async Task Cancel_WhileProgressIsReported_IsAbandonedInTime()
    {
        const int Tasks = 1_000;
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord[] claimed = await StartManyAsync(fixture, Tasks);
        using var enough = new CancellationTokenSource();
        int at = 0;
        Task[] reporting = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                TaskRecord task = claimed[Volatile.Read(ref at)];
                await fixture.Workers.ReportProgressAsync(task.Id, ProofOf(task), new TaskProgress(1, 2));
            }
        }))];
        await Task.Run(async () =>
        {
            for (int i = 0; i < Tasks; i++)
            {
                Volatile.Write(ref at, i);
                await Task.Yield();
                await fixture.Tasks.CancelAsync(claimed[i].Id);
            }
        });
        await enough.CancelAsync();
        await Task.WhenAll(reporting).Patiently();
        fixture.Clock.Advance(AbandonAfter);
        await fixture.Engine.DueWork.DoAsync();
        await fixture.Engine.DueWork.DoAsync();
        Assert.Equal(Tasks, (await fixture.Tasks.GetStatisticsAsync()).Counts.ByState[TaskState.Cancelled]);
    }

    private Task<WorkerFixture> CreateAsync() => WorkerFixture.CreateAsync(
        options => options.AbandonAfter = AbandonAfter,
        type => type.Timeout = Timeout.InfiniteTimeSpan,
        around: inner => _store = new SyncPointStore(inner));

    private static Task<TaskRecord> StartAsync(WorkerFixture fixture, double seconds) => fixture.StartAsync(new SubmitOptions { Timeout = TimeSpan.FromSeconds(seconds) });

    private static async Task<TaskRecord[]> StartManyAsync(WorkerFixture fixture, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await fixture.SubmitAsync();
        }

        return [.. await fixture.ClaimAsync(count)];
    }

    private static async Task<int> FiredAsync(WorkerFixture fixture, TaskRecord[] tasks)
    {
        int fired = 0;
        foreach (TaskRecord task in tasks)
        {
            fired += (await fixture.GetAsync(task.Id)).Status.TimeoutFired ? 1 : 0;
        }

        return fired;
    }

    private void FailOnce(Predicate<LifecycleStatus> when) => _store!.BeforeUpdate = status =>
    {
        if (when(status))
        {
            _store.BeforeUpdate = null;
            throw new IOException("The store is away.");
        }

        return default;
    };
}
