namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task Count_EmptyStore_HasEveryStateAtZeroAndNoTypes()
    {
        TaskCounts counts = await Create().CountAsync();

        Assert.Equal(TaskStates.All, counts.ByState.Keys.Order());
        Assert.Empty(counts.ByType);
        Assert.Equal((0, 0, 0, 0, 0), (counts.Accepted, counts.Removed, counts.StoredBytes, counts.IdempotencyKeys, counts.Unfinished));
    }

    [Fact]
    public async Task Count_SeveralTypes_CountsEachByItself()
    {
        StoreSteps steps = Create();
        await steps.AddManyAsync(3);
        TaskRecord other = await steps.AddAsync(type: TestTypes.Other);
        await steps.ClaimAsync();
        await steps.CancelAsync(other.Id);

        TaskCounts counts = await steps.CountAsync();

        Assert.Equal((2, 1, 1, 3), (counts.ByType["plain"][TaskState.Queued], counts.ByType["plain"][TaskState.Processing], counts.ByType["other"][TaskState.Cancelled], counts.Unfinished));
        Assert.Equal(TaskStates.All, counts.ByType["other"].Keys.Order());
    }

    [Fact]
    public async Task Count_TypeWithoutAnyTaskLeft_IsMissing()
    {
        StoreSteps steps = Create();
        TaskRecord only = await steps.AddAsync();
        await steps.CancelAsync(only.Id);
        await steps.RemoveAsync(only.Id);

        Assert.Empty((await steps.CountAsync()).ByType);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Count_RandomSteps_NothingIsLostAtAnyOfThem(int seed)
    {
        var random = new Random(seed);
        StoreSteps steps = Create(options => (options.MaxRetained, options.Retention, options.QueueCapacity) = (20, TimeSpan.FromSeconds(30), 40));
        var known = new List<Guid>();
        for (int i = 0; i < 3_000; i++)
        {
            switch (random.Next(10))
            {
                case < 3:
                    known.AddRange((await steps.TryAddAsync(RandomSubmission(random, known))) is { HasRecord: true } added ? [added.Record.Id] : []);
                    break;
                case 3:
                    await steps.ClaimAsync(random.Next(1, 4));
                    break;
                case 4:
                    Clock.Advance(TimeSpan.FromMilliseconds(random.Next(2_000)));
                    await steps.QueueDueAsync();
                    break;
                case 5:
                    await steps.RemoveExpiredAsync();
                    break;
                case 6 when known.Count > 0:
                    await steps.RemoveAsync(known[random.Next(known.Count)]);
                    break;
                default:
                    await TryRandomMoveAsync(steps, random, known);
                    break;
            }
        }

        TaskCounts counts = await steps.CountAsync();
        Assert.Equal(counts.ByState.Values.Sum(), (await ReadAllAsync(steps, new TaskQuery())).Count);
        Assert.InRange(counts.Removed, 1, counts.Accepted);
    }

    private static TaskSubmission RandomSubmission(Random random, List<Guid> known) => StoreSteps.Submission(
        new SubmitOptions
        {
            Priority = (TaskPriority)random.Next(4),
            Delay = random.Next(4) == 0 ? TimeSpan.FromSeconds(1) : TimeSpan.Zero,
            FairnessKey = random.Next(2) == 0 ? $"{random.Next(3)}" : null,
            MaxAttempts = random.Next(1, 4),
            DependsOn = random.Next(2) == 0 ? [.. known.TakeLast(random.Next(3))] : [],
            OnDependencyFailure = (DependencyFailurePolicy)random.Next(2),
        },
        random.Next(2) == 0 ? TestTypes.Plain : TestTypes.Other);

    private static async Task TryRandomMoveAsync(StoreSteps steps, Random random, List<Guid> known)
    {
        if (known.Count == 0 || await steps.FindAsync(known[random.Next(known.Count)]) is not { } record)
        {
            return;
        }

        int attempt = record.Status.Attempt;
        LifecycleEvent change = random.Next(9) switch
        {
            0 => LifecycleEvent.Cancel(),
            1 => LifecycleEvent.Pause(),
            2 => LifecycleEvent.Resume(),
            3 => LifecycleEvent.Retry(),
            4 => LifecycleEvent.CheckpointReached(attempt),
            5 => LifecycleEvent.Fail(attempt, error: null, Second),
            6 => LifecycleEvent.Release(attempt, checkpoint: null),
            _ => LifecycleEvent.Complete(attempt, "done"),
        };
        if (TaskLifecycle.Apply(record, change, steps.Store.Now).Next is { } next)
        {
            await steps.Store.TryUpdateAsync(record, next, CancellationToken.None);
            await steps.CountAsync();
        }
    }
}
