using static TaskManager.Tests.Core.Definitions;

namespace TaskManager.Tests.Core.Lifecycle;

/// <summary>Waited counts the queue alone, ran counts processing alone; both by the steady clock, whatever the wall clock does.</summary>
[Trait("Proof", "table")]
public sealed class TimeAccountTests
{
    private readonly TaskDefinition _definition = Task(new() { MaxAttempts = 9 }, createdAt: 100);

    [Fact]
    public void Apply_PausedAndResumedAgainAndAgain_CountsTheLegsAlone()
    {
        TaskRecord record = new(_definition, TaskLifecycle.Admit(_definition, 0, failedParent: null, At(100)));
        Expect(record, at: 101, waited: 1, ran: 0);

        record = Step(record, LifecycleEvent.Pause(), at: 103); // 3 s in the queue
        Expect(record, at: 110, waited: 3, ran: 0);
        record = Step(record, LifecycleEvent.Resume(), at: 120);
        Expect(record, at: 121, waited: 4, ran: 0);
        record = Step(record, LifecycleEvent.Claim(Lease), at: 124); // 4 s more
        Expect(record, at: 130, waited: 7, ran: 6);

        record = Step(record, LifecycleEvent.Pause(), at: 131);
        Expect(record, at: 133, waited: 7, ran: 9); // still running
        record = Step(record, LifecycleEvent.CheckpointReached(1), at: 134); // 10 s of running
        Expect(record, at: 200, waited: 7, ran: 10);
        record = Step(record, LifecycleEvent.Resume(), at: 300);
        Expect(record, at: 301, waited: 8, ran: 10);
        record = Step(record, LifecycleEvent.Pause(), at: 302); // 2 s in the queue to go on
        Expect(record, at: 400, waited: 9, ran: 10);
        record = Step(record, LifecycleEvent.Resume(), at: 500);
        record = Step(record, LifecycleEvent.Claim(Lease), at: 505); // 5 s more
        Expect(record, at: 510, waited: 14, ran: 15);

        record = Step(record, LifecycleEvent.Complete(1, "result"), at: 525); // 20 s of running
        Expect(record, at: 999, waited: 14, ran: 30);
    }

    [Fact]
    public void Apply_AnotherAttempt_RunsFromZeroAndWaitsOn()
    {
        TaskRecord record = new(_definition, TaskLifecycle.Admit(_definition, 0, failedParent: null, At(100)));
        record = Step(record, LifecycleEvent.Claim(Lease), at: 102);
        record = Step(record, LifecycleEvent.Fail(1, Situations.Error, TimeSpan.FromSeconds(50)), at: 110);
        Expect(record, at: 120, waited: 2, ran: 8); // a back-off is not waiting for a slot
        record = Step(record, LifecycleEvent.Due(), at: 160);
        Expect(record, at: 161, waited: 3, ran: 8);
        record = Step(record, LifecycleEvent.Claim(Lease), at: 163);
        Expect(record, at: 164, waited: 5, ran: 1);

        record = Step(record, LifecycleEvent.Fail(2, Situations.Error, retryDelay: null), at: 170);
        Expect(record, at: 999, waited: 5, ran: 7);
        record = Step(record, LifecycleEvent.Retry(), at: 200);
        Expect(record, at: 204, waited: 4, ran: 0); // a new life
    }

    [Fact]
    public void Cancel_Suspended_RunsOnUntilTheHandlerHasCleanedUp()
    {
        TaskRecord record = new(_definition, TaskLifecycle.Admit(_definition, 0, failedParent: null, At(100)));
        record = Step(record, LifecycleEvent.Claim(Lease), at: 101);
        record = Step(record, LifecycleEvent.Pause(), at: 101);
        record = Step(record, LifecycleEvent.CheckpointReached(1), at: 105);
        record = Step(record, LifecycleEvent.Cancel(), at: 200);
        Expect(record, at: 203, waited: 1, ran: 7);
        record = Step(record, LifecycleEvent.Fail(1, error: null, retryDelay: null), at: 206);
        Expect(record, at: 999, waited: 1, ran: 10);
    }

    [Fact]
    public void Cancel_Queued_HasWaitedUntilThen()
    {
        TaskRecord record = new(_definition, TaskLifecycle.Admit(_definition, 0, failedParent: null, At(100)));

        Expect(Step(record, LifecycleEvent.Cancel(), at: 109), at: 999, waited: 9, ran: 0);
    }

    private static TaskLease Lease { get; } = Situations.Lease with { Token = Guid.Empty };

    // The wall clock runs backwards all the while.
    private static TaskRecord Step(TaskRecord record, LifecycleEvent change, double at)
    {
        LifecycleMove move = TaskLifecycle.Apply(record, change, At(at, wall: -at));
        Assert.Equal(LifecycleVerdict.Applied, move.Verdict);
        return record with { Status = move.Next! };
    }

    private static void Expect(TaskRecord record, double at, double waited, double ran) =>
        Assert.Equal((waited, ran), (record.Waited(At(at, wall: -at)).TotalSeconds, record.Ran(At(at, wall: -at)).TotalSeconds));
}
