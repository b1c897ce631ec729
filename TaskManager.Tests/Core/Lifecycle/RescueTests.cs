using static TaskManager.Tests.Core.Definitions;

namespace TaskManager.Tests.Core.Lifecycle;

/// <summary>A worker that gives a task back, or that falls silent.</summary>
[Trait("Proof", "table")]
public sealed class RescueTests
{
    [Theory]
    [InlineData("processing")]
    [InlineData("processing:pt")]
    [InlineData("suspended")]
    [InlineData("resuming")]
    public void LeaseExpired_RescuesUsed_FailsTheTask(string situation)
    {
        LifecycleStatus before = Situations.Of(situation) with { Rescues = 3 };
        LifecycleStatus next = Expire(before, maxRescues: 3);

        Assert.Equal((TaskState.Failed, 3, AttemptOutcome.LeaseExpired), (next.State, next.Rescues, next.LastOutcome));
        Assert.Equal("lease_expired", next.Error?.Code);
        Assert.Equal((before.Failures, before.Attempt, before.Lease), (next.Failures, next.Attempt, next.Lease));
        Assert.False(next.IsSuspended || next.PauseRequested);
    }

    [Theory]
    [InlineData(0, 0, TaskState.Failed)]
    [InlineData(0, 1, TaskState.Queued)]
    [InlineData(2, 3, TaskState.Queued)]
    [InlineData(3, 3, TaskState.Failed)]
    [InlineData(4, 3, TaskState.Failed)] // the bound may have been lowered since
    public void LeaseExpired_UntilTheRescuesAreUsed_IsQueuedAgain(int rescues, int maxRescues, TaskState expected)
    {
        LifecycleStatus next = Expire(Situations.Of("processing") with { Rescues = rescues }, maxRescues);

        Assert.Equal((expected, rescues + (expected == TaskState.Queued ? 1 : 0)), (next.State, next.Rescues));
    }

    [Fact]
    public void LeaseExpired_CancelRequested_IsCancelledThoughRescuesAreUsed() =>
        Assert.Equal(TaskState.Cancelled, Expire(Situations.Of("processing:c") with { Rescues = 3 }, maxRescues: 3).State);

    [Fact]
    public void Release_ManyTimes_CostsNoFailureAndNoRescue()
    {
        TaskRecord record = new(Situations.Definition, Situations.Of("processing"));
        for (int i = 0; i < 20; i++)
        {
            record = Apply(record, LifecycleEvent.Release(record.Status.Attempt, checkpoint: null, record.Status.Lease!.Token));
            Assert.Equal((TaskState.Queued, 1, 1), (record.State, record.Status.Failures, record.Status.Rescues));
            record = Apply(record, LifecycleEvent.Claim(Situations.Lease));
        }

        Assert.Equal(23, record.Status.Attempt);
    }

    [Fact]
    public void Release_WithoutACheckpoint_KeepsTheEarlierOne()
    {
        TaskRecord record = new(Situations.Definition, Situations.Of("processing"));

        Assert.Same(Situations.Checkpoint, Apply(record, LifecycleEvent.Release(3, checkpoint: null, Situations.Token)).Status.Checkpoint);
        Assert.Same(Events.NewCheckpoint, Apply(record, LifecycleEvent.Release(3, Events.NewCheckpoint, Situations.Token)).Status.Checkpoint);
    }

    [Fact]
    public void Release_AfterTheTimeOut_KeepsTheEarlierCheckpointUnlessThereIsANewOne()
    {
        TaskDefinition retried = Task(new SubmitOptions { MaxAttempts = 5 }, Type(type => type.RetryOnTimeout = true), createdAt: 10);
        TaskRecord record = new(retried, Situations.Of("processing:t"));

        Assert.Same(Situations.Checkpoint, Release(checkpoint: null).Checkpoint);
        Assert.Same(Events.NewCheckpoint, Release(Events.NewCheckpoint).Checkpoint);
        Assert.Equal((TaskState.Queued, 2), (Release(null).State, Release(null).Failures));

        LifecycleStatus Release(JsonPayload? checkpoint) =>
            Apply(record, LifecycleEvent.Release(3, checkpoint, Situations.Token, retryDelay: TimeSpan.Zero)).Status;
    }

    [Fact]
    public void Report_ThatIsAccepted_IsRememberedInTheLeaseOfItsAttempt()
    {
        TaskRecord record = new(Situations.Definition, Situations.Of("processing"));

        Assert.Equal("first", Apply(record, LifecycleEvent.Complete(3, result: null, Situations.Token, "first")).FindLease(Situations.Token)?.Report);
        Assert.Equal("second", Apply(record, LifecycleEvent.Release(3, checkpoint: null, Situations.Token, "second")).FindLease(Situations.Token)?.Report);
        Assert.Null(Apply(record, LifecycleEvent.Complete(3, result: null, Situations.Token)).FindLease(Situations.Token)?.Report);
    }

    [Fact]
    public void Claim_OfASuspendedAttempt_IsItsHoldersAlone()
    {
        TaskRecord record = new(Situations.Definition, Situations.Of("resuming"));

        Assert.Equal(
            LifecycleMove.Refused, TaskLifecycle.Apply(record, LifecycleEvent.Claim(Situations.Lease with { Holder = "Pool" }), Situations.Now));
        Assert.Equal(TaskState.Processing, Apply(record, LifecycleEvent.Claim(Situations.Lease with { Worker = "internal-2" })).State);
    }

    [Fact]
    public void Claim_OfAReleasedTask_IsAnybodys() =>
        Assert.Equal("elsewhere", Apply(new(Situations.Definition, Situations.Of("queued")), LifecycleEvent.Claim(Situations.Lease with { Holder = "elsewhere" })).Status.Lease?.Holder);

    private static TaskRecord Apply(TaskRecord record, LifecycleEvent change) =>
        record with { Status = TaskLifecycle.Apply(record, change, At(131)).Next! };

    private static LifecycleStatus Expire(LifecycleStatus status, int maxRescues) =>
        Apply(new TaskRecord(Situations.Definition, status), LifecycleEvent.LeaseExpired(status.Attempt, maxRescues)).Status;
}
