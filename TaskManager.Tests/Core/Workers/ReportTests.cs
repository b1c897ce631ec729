using Microsoft.Extensions.Logging;
using static TaskManager.Tests.Core.Workers.WorkerFixture;

namespace TaskManager.Tests.Core.Workers;

public sealed class ReportTests
{
    [Fact]
    public async Task Complete_ClaimedTask_HasItsResult()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        Assert.Equal("""{"width":3}""", Text(claimed.Definition.Parameters));
        Assert.Equal(Worker, claimed.Status.Lease!.Worker);
        Assert.Equal(MoveOutcome.Applied, (await fixture.CompleteAsync(claimed, """{"size":9}""")).Outcome);
        TaskRecord ended = await fixture.GetAsync(claimed.Id);
        Assert.Equal(TaskState.Completed, ended.State);
        Assert.Equal("""{"size":9}""", Text(ended.Status.Result));
    }

    [Fact]
    public async Task Complete_SameReportAgain_IsAnsweredAsTheFirstTime()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        await fixture.CompleteAsync(claimed, "1");
        TaskMove again = await fixture.CompleteAsync(claimed, "1");
        Assert.Equal(MoveOutcome.Repeated, again.Outcome);
        Assert.Equal(TaskState.Completed, again.Record.State);
        Assert.Equal(MoveOutcome.LeaseLost, (await fixture.CompleteAsync(claimed, "2")).Outcome);
        Assert.Equal("1", Text((await fixture.GetAsync(claimed.Id)).Status.Result));
    }

    [Fact]
    public async Task Complete_SameBytesAsTheReleaseBefore_IsNoRepetition()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        LeaseProof proof = ProofOf(claimed, "{\"lease_token\":1}");
        Assert.Equal(MoveOutcome.Applied, (await fixture.Workers.ReleaseAsync(claimed.Id, proof, checkpoint: null)).Outcome);
        Assert.Equal(MoveOutcome.LeaseLost, (await fixture.Workers.CompleteAsync(claimed.Id, proof, Payload("null"))).Outcome);
        Assert.Equal(MoveOutcome.Repeated, (await fixture.Workers.ReleaseAsync(claimed.Id, proof, checkpoint: null)).Outcome);
        Assert.Equal(TaskState.Queued, (await fixture.GetAsync(claimed.Id)).State);
    }

    [Fact]
    public async Task Fail_SameReportAfterTheNextAttemptBegan_IsAnsweredAsTheFirstTime()
    {
        await using WorkerFixture fixture = await CreateAsync(options => options.MaxAttempts = 2);
        TaskRecord first = await fixture.StartAsync();
        Assert.Equal(MoveOutcome.Applied, (await fixture.FailAsync(first, retryAfter: TimeSpan.FromSeconds(7))).Outcome);
        Assert.Equal(TaskState.Scheduled, (await fixture.GetAsync(first.Id)).State);
        fixture.Clock.Advance(TimeSpan.FromSeconds(7));
        await fixture.Tasks.GetHandle(first.Id).WhenAsync(TaskState.Queued).Patiently();
        TaskRecord second = Assert.Single(await fixture.ClaimAsync());
        Assert.Equal(2, second.Status.Attempt);
        Assert.Equal(MoveOutcome.Repeated, (await fixture.FailAsync(first, retryAfter: TimeSpan.FromSeconds(7))).Outcome);
        Assert.Equal(MoveOutcome.LeaseLost, (await fixture.CompleteAsync(first)).Outcome);
        Assert.Equal(TaskState.Processing, (await fixture.GetAsync(first.Id)).State);
        await fixture.CompleteAsync(second);
        TaskRecord ended = await fixture.GetAsync(first.Id);
        Assert.Equal([AttemptOutcome.Failed, AttemptOutcome.Completed], ended.Attempts().Select(attempt => attempt.Outcome));
        Assert.Equal(("complete", 1), (Assert.Single(ended.Attempts()[0].LateReports).Report, ended.Attempts()[0].LateReportCount));
    }

    [Fact]
    public async Task Fail_ThatIsNotRetryable_FailsAtOnce()
    {
        await using WorkerFixture fixture = await CreateAsync(options => options.MaxAttempts = 5);
        TaskRecord claimed = await fixture.StartAsync();
        await fixture.FailAsync(claimed, isRetryable: false);
        TaskRecord ended = await fixture.GetAsync(claimed.Id);
        Assert.Equal((TaskState.Failed, "broken"), (ended.State, ended.Status.Error!.Code));
    }

    [Fact]
    public async Task Release_WithACheckpoint_TheNextClaimGetsItAtNoCost()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord first = await fixture.StartAsync();
        await fixture.ReleaseAsync(first, Payload("""{"page":4}"""));
        TaskRecord second = Assert.Single(await fixture.ClaimAsync());
        Assert.Equal("""{"page":4}""", Text(second.Status.Checkpoint));
        Assert.Equal((2, 0, 0), (second.Status.Attempt, second.Status.Failures, second.Status.Rescues));
        Assert.Equal(AttemptOutcome.Released, second.Attempts()[0].Outcome);
    }

    [Fact]
    public async Task Report_ForgedTokenOrOtherAttempt_ChangesNothing()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        var forged = new LeaseProof(Guid.NewGuid());
        LeaseProof older = ProofOf(claimed) with { Attempt = claimed.Status.Attempt - 1 };
        foreach (LeaseProof proof in new[] { forged, older, default })
        {
            Assert.Equal(MoveOutcome.LeaseLost, (await fixture.Workers.CompleteAsync(claimed.Id, proof, Payload("1"))).Outcome);
            Assert.Equal(MoveOutcome.LeaseLost, (await fixture.Workers.FailAsync(claimed.Id, proof, new TaskError("a", "b"))).Outcome);
            Assert.Equal(MoveOutcome.LeaseLost, (await fixture.Workers.ReleaseAsync(claimed.Id, proof, checkpoint: null)).Outcome);
            Assert.Equal(MoveOutcome.LeaseLost, (await fixture.Workers.ReportProgressAsync(claimed.Id, proof, new TaskProgress(1, 2))).Outcome);
            Assert.Equal(MoveOutcome.LeaseLost, (await fixture.Workers.AppendLogAsync(claimed.Id, proof, [(LogLevel.Error, "x")])).Outcome);
        }

        TaskRecord now = await fixture.GetAsync(claimed.Id);
        Assert.Same(claimed.Status, now.Status);
        Assert.Null(now.Progress);
        Assert.Equal(MoveOutcome.NotFound, (await fixture.Workers.CompleteAsync(Guid.NewGuid(), forged, Payload("1"))).Outcome);
    }

    [Fact]
    public async Task Report_TaskOfThePool_IsRefusedWhateverTheToken()
    {
        var gate = new Engine.Gate();
        await using WorkerFixture fixture = await CreateAsync(more: builder => builder.AddHandler<Engine.Work, string>("work", gate.HandleAsync));
        TaskHandle<string> running = await fixture.Tasks.SubmitAsync(new Engine.Work("a"));
        await gate.Entered;
        Assert.Equal(MoveOutcome.LeaseLost, (await fixture.Workers.CompleteAsync(running, new LeaseProof(Guid.Empty, 1), Payload("1"))).Outcome);
        Assert.Equal(TaskState.Processing, (await fixture.GetAsync(running)).State);
        gate.Open();
        Assert.Equal("done", await running.WaitAsync().Patiently());
    }

    [Fact]
    public async Task ProgressAndLog_OfALiveLease_AreKeptAndTold()
    {
        await using WorkerFixture fixture = await CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        await fixture.Workers.ReportProgressAsync(claimed.Id, ProofOf(claimed), new TaskProgress(1, 4, "one"));
        await fixture.Workers.ReportProgressAsync(claimed.Id, ProofOf(claimed), new TaskProgress(2, 4, "two"));
        await fixture.Workers.AppendLogAsync(claimed.Id, ProofOf(claimed), [(LogLevel.Information, "a"), (LogLevel.Warning, "b")]);
        await fixture.CompleteAsync(claimed);
        Assert.Equal((2, 4, "two"), ((await fixture.GetAsync(claimed.Id)).Progress is { } progress ? (progress.Step, progress.Total, progress.Message) : default));
        Assert.Equal(["a", "b"], (await fixture.Tasks.ReadLogAsync(claimed.Id))!.Items.Select(line => line.Message));
        var told = new List<string>();
        await foreach (TaskEvent happened in fixture.Tasks.WatchAsync(claimed.Id))
        {
            told.Add(happened switch
            {
                TaskStatusEvent status => status.State.WireName(),
                TaskProgressEvent report => report.Progress.Message!,
                TaskLogEvent line => line.Message,
                _ => "?",
            });
        }

        Assert.Equal(["queued", "processing", "one", "a", "b", "two", "completed"], told);
    }

    private static string Text(object? payload) => System.Text.Encoding.UTF8.GetString(Assert.IsType<JsonPayload>(payload).Utf8.Span);
}
