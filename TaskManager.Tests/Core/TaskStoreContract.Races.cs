namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    private const int Rounds = 2_000;

    [Fact]
    public async Task Race_ManyClaimers_EachTaskIsClaimedOnce()
    {
        const int Count = 20_000;
        StoreSteps steps = Create();
        TaskRecord[] added = await steps.AddManyAsync(Count);
        var claimedBy = new List<Guid>[4];

        await RaceAsync(claimedBy.Length, thread =>
        {
            var mine = new List<Guid>();
            var claimed = new TaskRecord[7];
            while (Now(steps.Store.ClaimAsync(StoreSteps.AnyClaim, claimed.AsMemory(0, 1 + (mine.Count % 7)), CancellationToken.None)) is { Count: > 0 } result)
            {
                mine.AddRange(Ids(claimed[..result.Count]));
            }

            claimedBy[thread] = mine;
        });

        Assert.Equal(Ids(added), claimedBy.SelectMany(ids => ids).Order(ByText));
        Assert.All(claimedBy, mine => Assert.Equal(mine.Order(ByText), mine)); // nobody is handed an older one later
        Assert.Equal(Count, (await steps.CountAsync()).ByState[TaskState.Processing]);
    }

    [Fact]
    public async Task Race_CancelAgainstClaim_OneWins()
    {
        StoreSteps steps = Create();
        int cancelled = 0;
        for (int round = 0; round < Rounds; round++)
        {
            TaskRecord added = Now(steps.Store.AddAsync(StoreSteps.Submission(), CancellationToken.None)).Record;
            bool[] won = new bool[2];
            await RaceAsync(2, thread => won[thread] = thread == 0
                ? TryMoveAtOnce(steps, added, LifecycleEvent.Cancel()) == UpdateOutcome.Updated
                : Now(steps.Store.ClaimAsync(StoreSteps.AnyClaim, new TaskRecord[1], CancellationToken.None)).Count == 1);

            Assert.Single(won, wins => wins);
            Assert.Equal(won[0] ? TaskState.Cancelled : TaskState.Processing, await steps.StateAsync(added.Id));
            cancelled += won[0] ? 1 : 0;
        }

        TaskCounts counts = await steps.CountAsync();
        Assert.Equal((cancelled, Rounds - cancelled), (counts.ByState[TaskState.Cancelled], counts.ByState[TaskState.Processing]));
    }

    [Fact]
    public async Task Race_CompleteAgainstCancelAgainstTimeout_OneWins()
    {
        StoreSteps steps = Create();
        for (int round = 0; round < Rounds; round++)
        {
            TaskRecord added = Now(steps.Store.AddAsync(StoreSteps.Submission(), CancellationToken.None)).Record;
            TaskRecord claimed = (await steps.ClaimAsync(1))[0];
            Assert.Equal(added.Id, claimed.Id);
            UpdateOutcome[] outcomes = new UpdateOutcome[3];
            await RaceAsync(3, thread => outcomes[thread] = TryMoveAtOnce(steps, claimed, thread switch
            {
                0 => LifecycleEvent.Complete(1, "done"),
                1 => LifecycleEvent.Cancel(),
                _ => LifecycleEvent.TimeoutElapsed(1),
            }));

            Assert.Single(outcomes, UpdateOutcome.Updated);
            Assert.Equal(2, outcomes.Count(outcome => outcome == UpdateOutcome.Stale));
            LifecycleStatus status = (await steps.FindAsync(added.Id))!.Value.Status;
            Assert.Equal(
                Array.IndexOf(outcomes, UpdateOutcome.Updated),
                status switch { { State: TaskState.Completed } => 0, { CancelRequested: true } => 1, { TimeoutFired: true } => 2, _ => -1 });
            TryMoveAtOnce(steps, added.Id, _ => LifecycleEvent.Complete(1, "done"));
        }
    }

    [Fact]
    public async Task Race_AddsAtTheBound_AdmitsExactlyWhatFits()
    {
        StoreSteps steps = Create(options => (options.QueueCapacity, options.MaxIdempotencyKeys) = (5_000, 1_000));
        int[] admitted = new int[4];
        int[] keyed = new int[4];

        await RaceAsync(4, thread =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                keyed[thread] += Now(steps.Store.AddAsync(Keyed($"{thread} {i}"), CancellationToken.None)).HasRecord ? 1 : 0;
                admitted[thread] += Now(steps.Store.AddAsync(StoreSteps.Submission(), CancellationToken.None)).HasRecord ? 1 : 0;
            }
        });

        Assert.Equal((1_000, 4_000), (keyed.Sum(), admitted.Sum()));
        Assert.Equal(5_000, (await steps.CountAsync()).Unfinished);
    }

    [Fact]
    public async Task Race_ParentsOfOneChildEndAtOnce_ItIsFreedOnce()
    {
        StoreSteps steps = Create();
        for (int round = 0; round < Rounds / 4; round++)
        {
            TaskRecord[] parents = [.. Enumerable.Range(0, 4).Select(_ => Now(steps.Store.AddAsync(StoreSteps.Submission(), CancellationToken.None)).Record)];
            TaskRecord child = await steps.AddAsync(DependingOn(parents));
            TaskRecord[] claimed = await steps.ClaimAsync(10);

            await RaceAsync(4, thread => Assert.Equal(UpdateOutcome.Updated, TryMoveAtOnce(steps, claimed[thread], LifecycleEvent.Complete(1, "done"))));

            TaskRecord freed = (await steps.FindAsync(child.Id))!.Value;
            Assert.Equal((TaskState.Queued, 5), (freed.State, freed.Status.Version));
            await steps.CancelAsync(child.Id);
        }
    }

    [Fact]
    public async Task Race_TaskOfTwoStatesIsListed_IsNeverMissed()
    {
        StoreSteps steps = Create();
        TaskRecord added = await steps.AddAsync();
        int missed = 0;
        bool isOver = false;

        await RaceAsync(2, thread =>
        {
            try
            {
                for (int i = 0; thread == 0 ? i < 100_000 : !Volatile.Read(ref isOver); i++)
                {
                    if (thread == 1)
                    {
                        missed += Now(steps.Store.ListAsync(new TaskQuery { States = [TaskState.Queued, TaskState.Paused] }, CancellationToken.None)).Items.Count == 1 ? 0 : 1;
                        continue;
                    }

                    TryMoveAtOnce(steps, added.Id, record => record.State == TaskState.Queued ? LifecycleEvent.Pause() : LifecycleEvent.Resume());
                }
            }
            finally
            {
                Volatile.Write(ref isOver, true);
            }
        });

        Assert.Equal(0, missed);
    }

    private static Comparer<Guid> ByText { get; } = Comparer<Guid>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));

    /// <summary>Runs on so many threads at once.</summary>
    private static Task RaceAsync(int threads, Action<int> run)
    {
        var start = new Barrier(threads);
        return Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                run(thread);
            },
            TaskCreationOptions.LongRunning))).Patiently();
    }

    /// <summary>What a call gives, on the thread that races.</summary>
    private static T Now<T>(ValueTask<T> call) => call.AsTask().GetAwaiter().GetResult();

    private static UpdateOutcome TryMoveAtOnce(StoreSteps steps, TaskRecord before, LifecycleEvent change) =>
        Now(steps.Store.TryUpdateAsync(before, TaskLifecycle.Apply(before, change, steps.Store.Now).Next!, CancellationToken.None));

    private static void TryMoveAtOnce(StoreSteps steps, Guid id, Func<TaskRecord, LifecycleEvent> change)
    {
        TaskRecord record = Now(steps.Store.FindAsync(id, CancellationToken.None))!.Value;
        if (TaskLifecycle.Apply(record, change(record), steps.Store.Now).Next is { } next)
        {
            Now(steps.Store.TryUpdateAsync(record, next, CancellationToken.None));
        }
    }
}
