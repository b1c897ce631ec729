namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task IdempotencyKey_SameRequest_IsAnsweredByTheFirstForAsLongAsItIsKept()
    {
        StoreSteps steps = Create();
        TaskSubmission request = Keyed("key");
        TaskRecord first = (await steps.TryAddAsync(request)).Record;
        Assert.Equal(new AddResult(AddOutcome.Replayed, first), await steps.TryAddAsync(request));

        TaskRecord ended = await steps.CancelAsync(first.Id);
        Assert.Equal(new AddResult(AddOutcome.Replayed, ended), await steps.TryAddAsync(request));
        Assert.Equal(1, (await steps.CountAsync()).Accepted);
        await steps.RemoveAsync(first.Id);

        AddResult second = await steps.TryAddAsync(request);
        Assert.Equal((AddOutcome.Added, 2L), (second.Outcome, second.Record.Definition.Sequence));
    }

    [Fact]
    public async Task IdempotencyKey_OtherRequest_IsRefused()
    {
        StoreSteps steps = Create();
        await steps.TryAddAsync(Keyed("key", fingerprint: [1, 2]));

        Assert.Equal(new AddResult(AddOutcome.KeyReused), await steps.TryAddAsync(Keyed("key", fingerprint: [1, 3])));
        Assert.Equal(AddOutcome.KeyReused, (await steps.TryAddAsync(Keyed("key", fingerprint: [1]))).Outcome);
        Assert.Equal(AddOutcome.Added, (await steps.TryAddAsync(Keyed("KEY", fingerprint: [1, 3]))).Outcome);
        Assert.Equal(2, (await steps.CountAsync()).IdempotencyKeys);
    }

    [Fact]
    public async Task IdempotencyKey_RefusedRequest_UsesUpNone()
    {
        StoreSteps steps = Create(options => options.QueueCapacity = 1);
        TaskRecord only = await steps.AddAsync();

        Assert.Equal(AddOutcome.Full, (await steps.TryAddAsync(Keyed("key"))).Outcome);
        Assert.Equal(AddOutcome.UnknownParents, (await steps.TryAddAsync(Keyed("key", new SubmitOptions { DependsOn = [Guid.NewGuid()] }))).Outcome);
        Assert.Equal(0, (await steps.CountAsync()).IdempotencyKeys);
        await steps.CancelAsync(only.Id);

        Assert.Equal(AddOutcome.Added, (await steps.TryAddAsync(Keyed("key", fingerprint: [9]))).Outcome);
    }

    [Fact]
    public async Task IdempotencyKey_AsManyAsMayBe_RefusesFurtherOnesAndNothingElse()
    {
        StoreSteps steps = Create(options => options.MaxIdempotencyKeys = 2);
        TaskRecord first = (await steps.TryAddAsync(Keyed("a"))).Record;
        await steps.TryAddAsync(Keyed("b"));

        Assert.Equal(new AddResult(AddOutcome.Full), await steps.TryAddAsync(Keyed("c")));
        Assert.Equal(AddOutcome.Replayed, (await steps.TryAddAsync(Keyed("a"))).Outcome);
        await steps.AddAsync();
        await steps.CancelAsync(first.Id);
        await steps.RemoveAsync(first.Id);

        Assert.Equal(1, (await steps.CountAsync()).IdempotencyKeys);
        Assert.Equal(AddOutcome.Added, (await steps.TryAddAsync(Keyed("c"))).Outcome);
    }

    [Fact]
    public async Task IdempotencyKey_FullQueue_AnswersARepetitionAllTheSame()
    {
        StoreSteps steps = Create(options => options.QueueCapacity = 1);
        TaskRecord first = (await steps.TryAddAsync(Keyed("key"))).Record;

        Assert.Equal(new AddResult(AddOutcome.Replayed, first), await steps.TryAddAsync(Keyed("key")));
    }

    [Fact]
    public async Task UniqueKey_UnfinishedTaskHasIt_IsJoined()
    {
        StoreSteps steps = Create();
        var options = new SubmitOptions { UniqueKey = "key" };
        TaskRecord first = await steps.AddAsync(options);

        Assert.Equal(new AddResult(AddOutcome.JoinedUnique, first), await steps.TryAddAsync(StoreSteps.Submission(options)));
        await steps.AddAsync(options, TestTypes.Other); // the key is the type's own
        await steps.AddAsync(new SubmitOptions { UniqueKey = "KEY" });
        TaskRecord claimed = await steps.ClaimAsync(first);
        Assert.Equal(new AddResult(AddOutcome.JoinedUnique, claimed), await steps.TryAddAsync(StoreSteps.Submission(options)));
        await steps.CompleteAsync(first.Id);

        TaskRecord second = await steps.AddAsync(options);
        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public async Task UniqueKey_RetriedTask_HasItAgain()
    {
        StoreSteps steps = Create();
        var options = new SubmitOptions { UniqueKey = "key" };
        TaskRecord first = await steps.AddAsync(options);
        TaskRecord cancelled = await steps.CancelAsync(first.Id);
        TaskRecord second = await steps.AddAsync(options);

        Assert.Equal(UpdateOutcome.UniqueKeyTaken, await steps.TryMoveAsync(cancelled, LifecycleEvent.Retry()));
        Assert.Equal(cancelled, await steps.FindAsync(first.Id));
        await steps.CancelAsync(second.Id);
        TaskRecord retried = await steps.RetryAsync(first.Id);

        Assert.Equal(new AddResult(AddOutcome.JoinedUnique, retried), await steps.TryAddAsync(StoreSteps.Submission(options)));
    }

    [Fact]
    public async Task IdempotencyKey_BesideAUniqueKey_DecidesFirst()
    {
        StoreSteps steps = Create();
        TaskRecord first = (await steps.TryAddAsync(Keyed("key", new SubmitOptions { UniqueKey = "one" }))).Record;
        await steps.AddAsync(new SubmitOptions { UniqueKey = "two" });

        Assert.Equal(new AddResult(AddOutcome.Replayed, first), await steps.TryAddAsync(Keyed("key", new SubmitOptions { UniqueKey = "two" })));
        Assert.Equal(AddOutcome.KeyReused, (await steps.TryAddAsync(Keyed("key", new SubmitOptions { UniqueKey = "two" }, [7]))).Outcome);
    }

    [Fact]
    public async Task IdempotencyKey_AnsweredByAUniqueKey_IsRememberedBesideTheFirst()
    {
        StoreSteps steps = Create();
        TaskRecord first = await steps.AddAsync(new SubmitOptions { UniqueKey = "one" });
        TaskSubmission request = Keyed("key", new SubmitOptions { UniqueKey = "one" });
        Assert.Equal(new AddResult(AddOutcome.JoinedUnique, first), await steps.TryAddAsync(request));
        Assert.Equal(1, (await steps.CountAsync()).IdempotencyKeys);
        TaskRecord ended = await steps.CancelAsync(first.Id);

        Assert.Equal(new AddResult(AddOutcome.Replayed, ended), await steps.TryAddAsync(request));
        Assert.Equal(AddOutcome.KeyReused, (await steps.TryAddAsync(Keyed("key", fingerprint: [7]))).Outcome);
        await steps.RemoveAsync(first.Id);

        Assert.Equal(0, (await steps.CountAsync()).IdempotencyKeys);
        Assert.Equal(AddOutcome.Added, (await steps.TryAddAsync(request)).Outcome);
    }

    [Fact]
    public async Task IdempotencyKey_AnsweredByAReusedResult_IsRemembered()
    {
        StoreSteps steps = Create();
        var options = new SubmitOptions { ReuseResultFor = Second };
        TaskRecord first = (await steps.TryAddAsync(StoreSteps.Submission(options) with { ParametersDigest = "digest" })).Record;
        await steps.ClaimAsync(first);
        TaskRecord completed = await steps.CompleteAsync(first.Id);
        TaskSubmission request = Keyed("key", options) with { ParametersDigest = "digest" };
        Assert.Equal(new AddResult(AddOutcome.ReusedResult, completed), await steps.TryAddAsync(request));
        Clock.Advance(2 * Second); // the result is too old by now, and would not answer

        Assert.Equal(new AddResult(AddOutcome.Replayed, completed), await steps.TryAddAsync(request));
    }

    [Fact]
    public async Task IdempotencyKey_AsManyAsMayBe_RefusesOneThatCouldNotBeRemembered()
    {
        StoreSteps steps = Create(options => options.MaxIdempotencyKeys = 1);
        TaskRecord first = (await steps.TryAddAsync(Keyed("a", new SubmitOptions { UniqueKey = "one" }))).Record;

        Assert.Equal(AddOutcome.Full, (await steps.TryAddAsync(Keyed("b", new SubmitOptions { UniqueKey = "one" }))).Outcome);
        Assert.Equal(new AddResult(AddOutcome.JoinedUnique, first), await steps.TryAddAsync(StoreSteps.Submission(new SubmitOptions { UniqueKey = "one" })));
    }

    private static TaskSubmission Keyed(string key, SubmitOptions? options = null, byte[]? fingerprint = null) =>
        StoreSteps.Submission((options ?? new SubmitOptions()) with { IdempotencyKey = key }) with { Fingerprint = fingerprint ?? [1, 2, 3] };
}
