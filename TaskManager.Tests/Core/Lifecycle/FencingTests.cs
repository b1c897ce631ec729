namespace TaskManager.Tests.Core.Lifecycle;

/// <summary>Tokens decide, not clocks: only the current attempt, with the current lease, is heard.</summary>
[Trait("Proof", "table")]
public sealed class FencingTests
{
    private static readonly LifecycleEventKind[] Workers =
        [LifecycleEventKind.CheckpointReached, LifecycleEventKind.Complete, LifecycleEventKind.Fail, LifecycleEventKind.Release];

    private static readonly LifecycleEventKind[] Engines = [LifecycleEventKind.TimeoutElapsed, LifecycleEventKind.Abandon, LifecycleEventKind.LeaseExpired];

    private static readonly string[] Live = ["processing:pct", "suspended", "resuming"];

    public static MatrixTheoryData<LifecycleEventKind, string, int> OtherAttempts { get; } = new([.. Workers, .. Engines], [.. Live, "completed"], [-1, 1]);

    public static MatrixTheoryData<LifecycleEventKind, string> WorkerReports { get; } = new(Workers, [.. Live, "completed"]);

    public static TheoryData<LifecycleEventKind> EngineReports { get; } = [.. Engines];

    [Theory]
    [MemberData(nameof(OtherAttempts))]
    public void Apply_ReportOfAnotherAttempt_IsTooLate(LifecycleEventKind kind, string situation, int offset) =>
        Assert.Equal(LifecycleMove.LeaseLost, Apply(situation, Events.Of(kind, Situations.Of(situation).Attempt + offset, Situations.Token)));

    [Theory]
    [MemberData(nameof(WorkerReports))]
    public void Apply_ReportUnderAnotherLease_IsTooLate(LifecycleEventKind kind, string situation)
    {
        Assert.Equal(LifecycleMove.LeaseLost, Apply(situation, Events.Of(kind, 3, Events.NewLease.Token)));
        Assert.Equal(LifecycleMove.LeaseLost, Apply(situation, Events.Of(kind, 3, Guid.Empty)));
    }

    [Theory]
    [MemberData(nameof(WorkerReports))]
    public void Apply_ReportWithATokenUnderALeaseInProcess_IsTooLate(LifecycleEventKind kind, string situation) =>
        Assert.Equal(LifecycleMove.LeaseLost, Apply(InProcess(situation), Events.Of(kind, 3, Situations.Token)));

    [Fact]
    public void Apply_ReportWithoutATokenUnderALeaseInProcess_IsHeard() =>
        Assert.Equal(TaskState.Completed, Apply(InProcess("processing"), LifecycleEvent.Complete(3, "result")).Next?.State);

    [Theory]
    [MemberData(nameof(EngineReports))]
    public void Apply_TheEngineSpeaksForAnAttempt_NeedsNoToken(LifecycleEventKind kind) =>
        Assert.NotEqual(LifecycleVerdict.LeaseLost, Apply("processing:c", Events.Of(kind, 3, Guid.Empty)).Verdict);

    [Fact]
    public void Apply_NeverClaimed_HearsNoAttempt() =>
        Assert.Equal(LifecycleMove.LeaseLost, Apply("blocked", LifecycleEvent.Complete(attempt: 0, "result")));

    [Fact]
    public void Apply_CompleteAgainWithTheSameBytes_IsRepeated()
    {
        LifecycleStatus completed = Situations.Of("completed") with { Payload = Json("1") };

        Assert.Equal(LifecycleMove.Repeated, Apply(completed, LifecycleEvent.Complete(3, Json("1"), Situations.Token)));
    }

    [Fact]
    public void Apply_CompleteAgainWithAnotherResult_IsTooLate()
    {
        LifecycleStatus completed = Situations.Of("completed") with { Payload = Json("1") };

        Assert.Equal(LifecycleMove.LeaseLost, Apply(completed, LifecycleEvent.Complete(3, Json("2"), Situations.Token)));
        Assert.Equal(LifecycleMove.LeaseLost, Apply(completed, LifecycleEvent.Complete(3, result: null, Situations.Token)));
        Assert.Equal(LifecycleMove.LeaseLost, Apply("completed", LifecycleEvent.Complete(3, "another", Situations.Token)));
    }

    [Fact]
    public void Apply_OtherReportsAfterACompletionWithoutAResult_AreTooLate()
    {
        LifecycleStatus completed = Situations.Of("completed") with { Payload = null };

        Assert.Equal(LifecycleMove.Repeated, Apply(completed, LifecycleEvent.Complete(3, result: null, Situations.Token)));
        Assert.Equal(LifecycleMove.LeaseLost, Apply(completed, LifecycleEvent.CheckpointReached(3, Situations.Token)));
        Assert.Equal(LifecycleMove.LeaseLost, Apply(completed, LifecycleEvent.TimeoutElapsed(3)));
    }

    [Fact]
    public void Apply_CompleteWithoutAResultAfterACancel_IsTooLate() =>
        Assert.Equal(LifecycleMove.LeaseLost, Apply("cancelled", LifecycleEvent.Complete(3, result: null, Situations.Token)));

    private static JsonPayload Json(string text) => new(System.Text.Encoding.UTF8.GetBytes(text), Value: null);

    private static LifecycleStatus InProcess(string situation) =>
        Situations.Of(situation) with { Lease = Situations.Lease with { Token = Guid.Empty } };

    private static LifecycleMove Apply(string situation, LifecycleEvent change) => Apply(Situations.Of(situation), change);

    private static LifecycleMove Apply(LifecycleStatus status, LifecycleEvent change) =>
        TaskLifecycle.Apply(new TaskRecord(Situations.Definition, status), change, Situations.Now);
}
