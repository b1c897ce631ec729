using TaskManager.Lifecycle;
using static TaskManager.Tests.Core.Definitions;

namespace TaskManager.Tests.Core.Lifecycle;

[Trait("Proof", "table")]
public sealed class HistoryTests
{
    [Fact]
    public void With_NoneEnded_IsTheSameList()
    {
        IReadOnlyList<TaskAttempt> earlier = [Attempt(1)];

        Assert.Same(earlier, History.With(earlier, ended: null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(98)]
    [InlineData(99)]
    public void With_UpToTheBound_KeepsAll(int count) =>
        Assert.Equal(Enumerable.Range(1, count + 1), Numbers(History.With(Attempts(count), Attempt(count + 1))));

    [Theory]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(250)]
    public void With_AtTheBoundOrBeyond_KeepsTheLastHundred(int count) =>
        Assert.Equal(Enumerable.Range(count - 98, 100), Numbers(History.With(Attempts(count), Attempt(count + 1))));

    [Fact]
    public void With_Any_LeavesTheEarlierListAsItWas()
    {
        TaskAttempt[] earlier = [Attempt(1), Attempt(2)];
        History.With(earlier, Attempt(3));

        Assert.Equal([Attempt(1), Attempt(2)], earlier);
    }

    [Fact]
    public void Apply_ThousandFailures_KeepsTheLastHundredAndTheLiveOne()
    {
        TaskRecord record = new(Task(new() { MaxAttempts = 1000 }), new LifecycleStatus { State = TaskState.Queued, Version = 1 });
        for (int attempt = 1; attempt < 1000; attempt++)
        {
            record = Apply(record, LifecycleEvent.Claim(Situations.Lease));
            record = Apply(record, LifecycleEvent.Fail(attempt, Situations.Error, TimeSpan.Zero, Situations.Token));
        }

        record = Apply(record, LifecycleEvent.Claim(Situations.Lease));

        Assert.Equal(Enumerable.Range(900, 100), Numbers(record.Status.EarlierAttempts));
        Assert.Equal(Enumerable.Range(900, 101), Numbers(record.Attempts()));
    }

    [Fact]
    public void Apply_FinalThenRetried_WritesEachAttemptOnce()
    {
        TaskRecord record = new(Task(), new LifecycleStatus { State = TaskState.Queued, Version = 1 });
        for (int life = 1; life <= 3; life++)
        {
            record = Apply(record, LifecycleEvent.Claim(Situations.Lease));
            record = Apply(record, LifecycleEvent.Fail(life, Situations.Error, retryDelay: null, Situations.Token));
            Assert.Equal(Enumerable.Range(1, life), Numbers(record.Attempts()));
            record = Apply(record, LifecycleEvent.Retry());
            Assert.Equal(Enumerable.Range(1, life), Numbers(record.Attempts()));
            record = Apply(record, LifecycleEvent.Cancel());
            record = Apply(record, LifecycleEvent.Retry()); // no attempt lived, so there is none to write
            Assert.Equal(Enumerable.Range(1, life), Numbers(record.Attempts()));
        }
    }

    private static TaskRecord Apply(TaskRecord record, LifecycleEvent change) => record with { Status = TaskLifecycle.Apply(record, change, At(1)).Next! };

    private static TaskAttempt[] Attempts(int count) => [.. Enumerable.Range(1, count).Select(Attempt)];

    private static TaskAttempt Attempt(int number) => Situations.First with { Number = number };

    private static IEnumerable<int> Numbers(IEnumerable<TaskAttempt> attempts) => attempts.Select(attempt => attempt.Number);
}
