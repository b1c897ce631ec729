namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    private static readonly SubmitOptions Orphan = new() { DependsOn = [Guid.NewGuid()] };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AddMany_AllFit_AdmitsThemInTheirOrder(bool atomic)
    {
        StoreSteps steps = Create(options => options.QueueCapacity = 3);

        IReadOnlyList<AddResult> results = await AddManyAsync(steps, atomic, Submission("a"), Submission("b"), Submission("c"));

        Assert.Equal(["a", "b", "c"], results.Select(result => result.Record.Definition.Parameters));
        Assert.Equal([1L, 2L, 3L], results.Select(result => result.Record.Definition.Sequence));
        Assert.Equal(Ids(results.Select(result => result.Record)), await steps.ClaimAllAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AddMany_Nothing_IsNothing(bool atomic) => Assert.Empty(await AddManyAsync(Create(), atomic));

    [Fact]
    public async Task AddMany_SomeAreRefused_AdmitsTheOthers()
    {
        StoreSteps steps = Create(options => options.QueueCapacity = 2);

        IReadOnlyList<AddResult> results = await AddManyAsync(steps, atomic: false, Submission("a"), Submission("b", Orphan), Submission("c"), Submission("d"));

        Assert.Equal([AddOutcome.Added, AddOutcome.UnknownParents, AddOutcome.Added, AddOutcome.Full], results.Select(result => result.Outcome));
        Assert.Equal(Orphan.DependsOn, results[1].UnknownParents);
        Assert.Equal(2, (await steps.CountAsync()).Accepted);
    }

    [Fact]
    public async Task AddMany_AtomicAndOneIsRefused_AdmitsNone()
    {
        StoreSteps steps = Create();
        TaskRecord parent = (await steps.TryAddAsync(Keyed("key", fingerprint: [1]))).Record;

        IReadOnlyList<AddResult> results = await AddManyAsync(
            steps,
            atomic: true,
            Submission("a"),
            Submission("b", new SubmitOptions { DependsOn = [parent.Id, Orphan.DependsOn[0]] }),
            Keyed("key", fingerprint: [2]),
            Keyed("key", fingerprint: [1]));

        Assert.Equal([AddOutcome.NotTried, AddOutcome.UnknownParents, AddOutcome.KeyReused, AddOutcome.NotTried], results.Select(result => result.Outcome));
        Assert.Equal(Orphan.DependsOn, results[1].UnknownParents);
        Assert.All(results, result => Assert.False(result.HasRecord));
        await AssertAdmittedAsync(steps, 1);
    }

    [Fact]
    public async Task AddMany_AtomicWithKeysOfTasksThatAreThere_RemembersThemOrNone()
    {
        StoreSteps steps = Create(options => options.MaxIdempotencyKeys = 2);
        var one = new SubmitOptions { UniqueKey = "one" };
        await steps.AddAsync(one);

        IReadOnlyList<AddResult> clash = await AddManyAsync(steps, atomic: true, Keyed("a", one, [1]), Keyed("a", one, [2]));
        IReadOnlyList<AddResult> tooMany = await AddManyAsync(steps, atomic: true, Keyed("a", one), Keyed("b", one), Keyed("c", one));
        Assert.Equal(0, (await steps.CountAsync()).IdempotencyKeys);
        IReadOnlyList<AddResult> joined = await AddManyAsync(steps, atomic: true, Keyed("a", one), Keyed("b", one), Keyed("a", one));

        Assert.Equal([AddOutcome.NotTried, AddOutcome.KeyReused], clash.Select(result => result.Outcome));
        Assert.All(tooMany, result => Assert.Equal(AddOutcome.Full, result.Outcome));
        Assert.Equal([AddOutcome.JoinedUnique, AddOutcome.JoinedUnique, AddOutcome.Replayed], joined.Select(result => result.Outcome));
        Assert.Equal(2, (await steps.CountAsync()).IdempotencyKeys);
    }

    [Fact]
    public async Task AddMany_AtomicAndMoreThanFits_AdmitsNone()
    {
        StoreSteps steps = Create(options => (options.QueueCapacity, options.MaxStoredBytes, options.MaxIdempotencyKeys) = (3, 100, 1));
        await steps.AddAsync();

        Assert.All(await AddManyAsync(steps, atomic: true, Submission("a"), Submission("b"), Submission("c")), result => Assert.Equal(new AddResult(AddOutcome.Full), result));
        Assert.All(await AddManyAsync(steps, atomic: true, Submission(Bytes(50)), Submission(Bytes(50))), result => Assert.Equal(AddOutcome.Full, result.Outcome));
        Assert.All(await AddManyAsync(steps, atomic: true, Keyed("one"), Keyed("two")), result => Assert.Equal(AddOutcome.Full, result.Outcome));
        await AssertAdmittedAsync(steps, 1);

        Assert.All(await AddManyAsync(steps, atomic: true, Submission(Bytes(50)), Submission(Bytes(49))), result => Assert.Equal(AddOutcome.Added, result.Outcome));
        Assert.True(steps.Store.IsFull);
    }

    [Fact]
    public async Task AddMany_AtomicWithTheSameKeyTwice_AnswersTheSecondWithTheFirst()
    {
        StoreSteps steps = Create();

        IReadOnlyList<AddResult> results = await AddManyAsync(
            steps, atomic: true, Keyed("key"), Keyed("key"), Submission("a", new SubmitOptions { UniqueKey = "one" }), Submission("b", new SubmitOptions { UniqueKey = "one" }));

        Assert.Equal([AddOutcome.Added, AddOutcome.Replayed, AddOutcome.Added, AddOutcome.JoinedUnique], results.Select(result => result.Outcome));
        Assert.Equal((results[0].Record, results[2].Record), (results[1].Record, results[3].Record));
        await AssertAdmittedAsync(steps, 2);
    }

    [Fact]
    public async Task AddMany_AtomicWithOneKeyForTwoRequests_AdmitsNone()
    {
        StoreSteps steps = Create();

        IReadOnlyList<AddResult> results = await AddManyAsync(steps, atomic: true, Submission("a"), Keyed("key", fingerprint: [1]), Keyed("key", fingerprint: [2]));

        Assert.Equal([AddOutcome.NotTried, AddOutcome.NotTried, AddOutcome.KeyReused], results.Select(result => result.Outcome));
        await AssertAdmittedAsync(steps, 0);
    }

    [Fact]
    public async Task AddMany_AtomicWithAKeyThatAnotherRequestBringsInTheSameBatch_AdmitsNone()
    {
        StoreSteps steps = Create();
        await steps.TryAddAsync(Submission("a", new SubmitOptions { UniqueKey = "one" }));

        // Alone the second would join the task with its unique key; in the batch its idempotency key already stands for something else.
        IReadOnlyList<AddResult> results = await AddManyAsync(
            steps, atomic: true, Keyed("key", fingerprint: [1]), Keyed("key", new SubmitOptions { UniqueKey = "one" }, fingerprint: [2]));

        Assert.Equal([AddOutcome.NotTried, AddOutcome.KeyReused], results.Select(result => result.Outcome));
        await AssertAdmittedAsync(steps, 1);
    }

    [Fact]
    public async Task AddMany_AtomicAndAnsweredByTasksThatAreThere_NeedsNoRoom()
    {
        StoreSteps steps = Create(options => (options.QueueCapacity, options.MaxIdempotencyKeys) = (2, 1));
        TaskSubmission unique = Submission("a", new SubmitOptions { UniqueKey = "one" });
        IReadOnlyList<AddResult> first = await AddManyAsync(steps, atomic: true, unique, Keyed("key"));

        IReadOnlyList<AddResult> again = await AddManyAsync(steps, atomic: true, unique, Keyed("key"));

        Assert.Equal([AddOutcome.JoinedUnique, AddOutcome.Replayed], again.Select(result => result.Outcome));
        Assert.Equal(first.Select(result => result.Record), again.Select(result => result.Record));
    }

    private static TaskSubmission Submission(object parameters, SubmitOptions? options = null) => StoreSteps.Submission(options, parameters: parameters);

    private static async Task<IReadOnlyList<AddResult>> AddManyAsync(StoreSteps steps, bool atomic, params TaskSubmission[] submissions)
    {
        IReadOnlyList<AddResult> results = await steps.Store.AddManyAsync(submissions, atomic, CancellationToken.None);
        await steps.CountAsync();
        return results;
    }

    private static async Task AssertAdmittedAsync(StoreSteps steps, int count)
    {
        Assert.Equal(count, (await steps.CountAsync()).Accepted);
        Assert.Equal(count, steps.Changes.Length);
        Assert.Equal(count, (await steps.ListAsync(new TaskQuery())).Length);
    }
}
