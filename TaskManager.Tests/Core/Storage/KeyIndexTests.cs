using TaskManager.Storage;
using static TaskManager.Tests.Core.Storage.Entries;

namespace TaskManager.Tests.Core.Storage;

/// <summary>What the contract cannot see: that the index keeps nothing of what is gone.</summary>
public sealed class KeyIndexTests
{
    private static readonly TaskSubmission Submission = StoreSteps.Submission(new SubmitOptions
    {
        IdempotencyKey = "idempotency",
        UniqueKey = "unique",
        ReuseResultFor = TimeSpan.FromDays(1),
    }) with { Fingerprint = new byte[] { 1 }, ParametersDigest = "digest" };

    private readonly KeyIndex _keys = new(maxIdempotencyKeys: 1);

    [Fact]
    public void Removed_TaskWithEveryKey_FreesThemAll()
    {
        TaskEntry entry = Add(1);
        Assert.Equal((1, AddOutcome.Replayed), (_keys.IdempotencyKeys, _keys.Answer(Submission, At(0))!.Value.Outcome));
        Assert.False(_keys.IsUniqueKeyFree(entry.Definition));

        _keys.Ended(Complete(entry), At(0));
        Assert.True(_keys.IsUniqueKeyFree(entry.Definition));
        _keys.Removed(entry);

        Assert.Equal(0, _keys.IdempotencyKeys);
        Assert.Null(_keys.Answer(Submission, At(0)));
        Add(2);
    }

    [Fact]
    public void Answer_KeyByKey_TheIdempotencyKeyDecidesThenTheUniqueOneThenTheResult()
    {
        TaskEntry entry = Add(1);
        TaskSubmission unique = Submission with { Options = Submission.Options with { IdempotencyKey = null } };
        TaskSubmission result = unique with { Options = unique.Options with { UniqueKey = null } };

        Assert.Equal(AddOutcome.JoinedUnique, _keys.Answer(unique, At(0))!.Value.Outcome);
        Assert.Null(_keys.Answer(result, At(0)));
        _keys.Ended(Complete(entry), At(10));

        Assert.Equal(AddOutcome.Replayed, _keys.Answer(Submission, At(10))!.Value.Outcome);
        Assert.Equal(new AddResult(AddOutcome.ReusedResult, entry.Record), _keys.Answer(unique, At(10)));
        Assert.Equal(AddOutcome.ReusedResult, _keys.Answer(result, At(10 + 86_400))!.Value.Outcome);
        Assert.Null(_keys.Answer(result, At(11 + 86_400)));
        Assert.Equal(AddOutcome.Full, _keys.Answer(StoreSteps.Submission(new SubmitOptions { IdempotencyKey = "other" }), At(0))!.Value.Outcome);
    }

    [Fact]
    public void Removed_OlderOfTwoEqualTasks_LeavesTheResultOfTheOther()
    {
        TaskSubmission submission = Submission with { Options = new SubmitOptions { ReuseResultFor = TimeSpan.FromDays(1) } };
        TaskEntry older = Add(1, submission);
        TaskEntry newer = Add(2, submission);
        _keys.Ended(Complete(older), At(0));
        _keys.Ended(Complete(newer), At(1));

        _keys.Removed(older);

        Assert.Equal(newer.Record, _keys.Answer(submission, At(1))!.Value.Record);
    }

    [Fact]
    public void IsUniqueKeyFree_TaskWithoutOne_IsAlways() => Assert.True(_keys.IsUniqueKeyFree(Create(1).Definition));

    private TaskEntry Add(long sequence, TaskSubmission? submission = null)
    {
        TaskEntry entry = Create(sequence, submission: submission ?? Submission);
        _keys.Added(entry, submission ?? Submission);
        _keys.Unfinished(entry);
        return entry;
    }
}
