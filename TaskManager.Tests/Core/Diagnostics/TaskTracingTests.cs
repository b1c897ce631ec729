using System.Diagnostics;
using TaskManager.Tests.Core.Engine;
using TaskManager.Tests.Core.Workers;

namespace TaskManager.Tests.Core.Diagnostics;

[Collection(ListensToSpans.Name)]
public sealed class TaskTracingTests : IDisposable
{
    private const string Submitted = "submit work";
    private const string Ran = "run work";

    private readonly SpanLog _spans = new("TaskManager");
    private readonly Gate _gate = new();

    public void Dispose() => _spans.Dispose();

    [Fact]
    public async Task Complete_SubmittedTask_HasASpanOfEachLinked()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        TaskHandle<string> handle = await fixture.SubmitAsync();
        Activity attempt = Assert.Single(await _spans.EndedAsync(Ran));
        Activity submission = Assert.Single(await _spans.EndedAsync(Submitted));

        Assert.Equal((ActivityKind.Producer, "work"), (submission.Kind, submission.GetTagItem("taskmanager.task.type")));
        Assert.Equal(ActivityKind.Consumer, attempt.Kind);
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["taskmanager.task.type"] = "work",
                ["taskmanager.task.id"] = handle.Id,
                ["taskmanager.attempt"] = 1,
                ["taskmanager.attempt.outcome"] = "completed",
            },
            attempt.TagObjects.ToDictionary());
        ActivityLink link = Assert.Single(attempt.Links);
        Assert.Equal((submission.TraceId, submission.SpanId), (link.Context.TraceId, link.Context.SpanId));
        Assert.Null(attempt.ParentId); // hours may lie between them
        Assert.NotEqual(submission.TraceId, attempt.TraceId);
        Assert.Equal(ActivityStatusCode.Unset, attempt.Status);
        Assert.Equal(submission.Id, (await handle.GetAsync())!.Value.Definition.TraceParent);
    }

    [Fact]
    public async Task Complete_Span_EndsBeforeItsSlotIsFree()
    {
        int busy = -1;
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        using var spans = new SpanLog("TaskManager") { OnEnded = span => busy = span.DisplayName == Ran ? fixture.Pool.Status.Busy : busy };

        await fixture.SubmitAsync();

        await spans.EndedAsync(Ran);
        Assert.Equal(1, busy);
    }

    [Fact]
    public async Task Submit_WithoutAMethodOfItsOwn_LeavesTheCallersSpanCurrent()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        fixture.Engine.Start();

        ValueTask<TaskHandle<string>> first = fixture.Tasks.SubmitAsync(new Work("first"));
        Activity? after = Activity.Current;
        await first;
        await fixture.Tasks.SubmitManyAsync([new Work("second"), new Work("third")]);

        Assert.Null(after);
        Assert.All(await _spans.EndedAsync(Submitted, count: 3), span => Assert.Null(span.ParentId));
    }

    [Fact]
    public async Task Submit_InsideASpan_IsItsChild()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        using Activity outer = new Activity("outer").Start();
        await fixture.SubmitAsync();
        Activity submission = Assert.Single(await _spans.EndedAsync(Submitted));
        Assert.Equal((outer.TraceId, outer.SpanId), (submission.TraceId, submission.ParentSpanId));
    }

    [Fact]
    public async Task Fail_WithRetries_HasASpanOfEachAttemptThatSaysWhy()
    {
        await using var fixture = EngineFixture.Create((_, _) => throw new TaskAttemptException("no_disk", "The disk is full.") { RetryAfter = TimeSpan.Zero }, options => options.MaxAttempts = 3);
        await (await fixture.SubmitAsync()).WhenEndedAsync().Patiently();
        Activity[] attempts = await _spans.EndedAsync(Ran, count: 3);
        Activity submission = Assert.Single(await _spans.EndedAsync(Submitted));
        Assert.Equal([1, 2, 3], attempts.Select(attempt => attempt.GetTagItem("taskmanager.attempt")).Order());
        Assert.All(attempts, attempt =>
        {
            Assert.Equal(submission.SpanId, Assert.Single(attempt.Links).Context.SpanId);
            Assert.Equal((ActivityStatusCode.Error, "The disk is full."), (attempt.Status, attempt.StatusDescription));
            Assert.Equal(("failed", "no_disk"), (attempt.GetTagItem("taskmanager.attempt.outcome"), attempt.GetTagItem("error.type")));
        });
        Assert.Equal(3, attempts.Select(attempt => attempt.TraceId).Distinct().Count());
    }

    [Fact]
    public async Task Cancel_OfARunningTask_IsNoError()
    {
        await using var fixture = EngineFixture.Create(_gate.HandleAsync);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await _gate.Entered;
        await handle.CancelAsync();
        Activity attempt = Assert.Single(await _spans.EndedAsync(Ran));
        Assert.Equal(("cancelled", ActivityStatusCode.Unset), (attempt.GetTagItem("taskmanager.attempt.outcome"), attempt.Status));
    }

    [Fact]
    public async Task Timeout_OfARunningTask_IsAnError()
    {
        await using var fixture = EngineFixture.Create(_gate.HandleAsync);
        await fixture.SubmitAsync(options: new SubmitOptions { Timeout = TimeSpan.FromSeconds(5) });
        await _gate.Entered;
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        Activity attempt = Assert.Single(await _spans.EndedAsync(Ran));
        Assert.Equal(("timed_out", "timed_out", ActivityStatusCode.Error), (attempt.GetTagItem("taskmanager.attempt.outcome"), attempt.GetTagItem("error.type"), attempt.Status));
    }

    [Fact]
    public async Task Abandon_OfAStubbornTask_TheSpanEndsWithItsCodeAndSaysSo()
    {
        await using var fixture = EngineFixture.Create(_gate.HandleStubbornlyAsync);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await _gate.Entered;
        await handle.CancelAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(30));
        await handle.WhenEndedAsync().Patiently();
        Assert.DoesNotContain(_spans.All, span => span.DisplayName == Ran);
        _gate.Open();
        Activity attempt = Assert.Single(await _spans.EndedAsync(Ran));
        Assert.Equal(("cancelled", "abandoned", ActivityStatusCode.Error), (attempt.GetTagItem("taskmanager.attempt.outcome"), attempt.GetTagItem("error.type"), attempt.Status));
    }

    [Fact]
    public async Task Submit_ThatWaitsForRoom_HasOneSpan()
    {
        await using var fixture = EngineFixture.Create(_gate.HandleAsync, options => options.QueueCapacity = 1);
        await fixture.SubmitAsync();
        await _gate.Entered;
        Task<TaskHandle<string>> waiting = fixture.SubmitAsync("second");
        fixture.Clock.Advance(TimeSpan.FromSeconds(5)); // it is told to look again, and finds no room
        _gate.Open();
        TaskHandle<string> second = await waiting.Patiently();
        await second.WaitAsync().Patiently();
        Activity[] submissions = await _spans.EndedAsync(Submitted, count: 2);
        Assert.Equal(submissions[1].Id, (await second.GetAsync())!.Value.Definition.TraceParent);
    }

    [Fact]
    public async Task Handler_Always_RunsInTheSpanOfItsAttempt()
    {
        Activity? seen = null;
        await using var fixture = EngineFixture.Create(async (_, _) =>
        {
            seen = Activity.Current;
            using Activity inner = new Activity("inner").Start();
            await Task.Yield();
            return inner.ParentId!;
        });
        string parent = await (await fixture.SubmitAsync()).WaitAsync().Patiently();
        Assert.Equal(Assert.Single(await _spans.EndedAsync(Ran)), seen);
        Assert.Equal(seen!.Id, parent);
    }

    [Fact]
    public async Task Claim_ByAWorker_GetsTheContextOfTheSubmission()
    {
        await using WorkerFixture fixture = await WorkerFixture.CreateAsync();
        TaskRecord claimed = await fixture.StartAsync();
        Assert.Equal(Assert.Single(await _spans.EndedAsync($"submit {WorkerFixture.TypeName}")).Id, claimed.Definition.TraceParent);
    }

    [Fact]
    public async Task Batch_InsideASpan_TakesItsContext()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        using Activity outer = new Activity("outer").Start();
        outer.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        await fixture.Tasks.TrySubmitManyAsync([new TaskRequest("work", new Work("a")), new TaskRequest("work", new Work("b"))]);
        Activity[] attempts = await _spans.EndedAsync(Ran, count: 2);
        Assert.All(attempts, attempt => Assert.Equal(outer.SpanId, Assert.Single(attempt.Links).Context.SpanId));
    }
}
