namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    private static readonly SubmitOptions Reusing = new() { ReuseResultFor = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task ReuseResult_EqualTaskHasCompleted_AnswersForAsLongAsAsked()
    {
        StoreSteps steps = Create();
        TaskRecord completed = await RunEqualAsync(steps, "digest");

        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new AddResult(AddOutcome.ReusedResult, completed), await steps.TryAddAsync(Equal("digest")));
        Clock.Advance(Tick);
        Assert.Equal(new AddResult(AddOutcome.ReusedResult, completed), await steps.TryAddAsync(Equal("digest", new SubmitOptions { ReuseResultFor = TimeSpan.FromMinutes(2) })));

        Assert.Equal(AddOutcome.Added, (await steps.TryAddAsync(Equal("digest"))).Outcome);
    }

    [Fact]
    public async Task ReuseResult_WhatIsNotEqualOrNotAsked_RunsAnew()
    {
        StoreSteps steps = Create();
        await RunEqualAsync(steps, "digest");

        Assert.Equal(AddOutcome.Added, (await steps.TryAddAsync(Equal("other"))).Outcome);
        Assert.Equal(AddOutcome.Added, (await steps.TryAddAsync(Equal("digest") with { Type = TestTypes.Other })).Outcome);
        Assert.Equal(AddOutcome.Added, (await steps.TryAddAsync(Equal("digest") with { Options = new SubmitOptions() })).Outcome);
        Assert.Equal(AddOutcome.Added, (await steps.TryAddAsync(Equal("digest") with { ParametersDigest = null })).Outcome);
    }

    [Fact]
    public async Task ReuseResult_TaskThatDidNotComplete_AnswersNobody()
    {
        StoreSteps steps = Create();
        TaskRecord running = (await steps.TryAddAsync(Equal("digest"))).Record;
        TaskRecord second = (await steps.TryAddAsync(Equal("digest"))).Record;
        Assert.NotEqual(running.Id, second.Id);
        await steps.CancelAsync(second.Id);
        await steps.ClaimAsync(running);
        await steps.FailAsync(running.Id);

        Assert.Equal(AddOutcome.Added, (await steps.TryAddAsync(Equal("digest"))).Outcome);
    }

    [Fact]
    public async Task ReuseResult_SeveralHaveCompleted_TheLatestAnswers()
    {
        StoreSteps steps = Create();
        TaskRecord first = (await steps.TryAddAsync(Equal("digest"))).Record;
        TaskRecord second = (await steps.TryAddAsync(Equal("digest"))).Record;
        await steps.ClaimAsync(2);
        TaskRecord earlier = await steps.CompleteAsync(second.Id, "earlier");
        Assert.Equal(earlier, (await steps.TryAddAsync(Equal("digest"))).Record);
        TaskRecord later = await steps.CompleteAsync(first.Id, "later");

        Assert.Equal(later, (await steps.TryAddAsync(Equal("digest"))).Record);
        await steps.RemoveAsync(second.Id);
        Assert.Equal(later, (await steps.TryAddAsync(Equal("digest"))).Record);
    }

    [Fact]
    public async Task ReuseResult_TaskWasRemoved_RunsAnew()
    {
        StoreSteps steps = Create();
        TaskRecord completed = await RunEqualAsync(steps, "digest");

        await steps.RemoveAsync(completed.Id);

        Assert.Equal(AddOutcome.Added, (await steps.TryAddAsync(Equal("digest"))).Outcome);
    }

    private static TaskSubmission Equal(string digest, SubmitOptions? options = null) => StoreSteps.Submission(options ?? Reusing) with { ParametersDigest = digest };

    private static async Task<TaskRecord> RunEqualAsync(StoreSteps steps, string digest)
    {
        AddResult added = await steps.TryAddAsync(Equal(digest));
        Assert.Equal(AddOutcome.Added, added.Outcome);
        await steps.ClaimAsync(added.Record);
        return await steps.CompleteAsync(added.Record.Id, "result");
    }
}
