namespace TaskManager.Tests.Docs;

/// <summary>Runs what <c>docs/guide.md</c> shows about what may be asked of a task when it is submitted.</summary>
[Trait("Proof", "readme")]
public sealed class GuideSubmissionTests : IAsyncDisposable
{
    private readonly GuideFixture _app = new();

    private ITaskManager tasks => _app.Tasks; // named as in the guide

    private static CancellationToken cancellationToken => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Later_OfADelayAndAMoment_IsScheduled()
    {
        // guide: later
        TaskHandle<VideoFile> tonight = await tasks.SubmitAsync(new RenderVideo("intro", 24), new() { Delay = TimeSpan.FromHours(6) });
        TaskHandle<VideoFile> newYear = await tasks.SubmitAsync(new RenderVideo("intro", 24), new() { RunAt = new DateTimeOffset(2050, 1, 1, 0, 0, 0, TimeSpan.Zero) });

        _app.Clock.Advance(TimeSpan.FromHours(6));
        await tonight.WaitAsync(cancellationToken);
        Assert.Equal(TaskState.Scheduled, (await newYear.GetAsync(cancellationToken))?.State);
    }

    [Fact]
    public async Task Order_WhileOneSlotIsTaken_IsThatOfTheGuide()
    {
        _app.Encoder.Hold();
        await tasks.SubmitAsync(new RenderVideo("first", 24), options: null, cancellationToken);
        await Patience.UntilAsync(() => _app.Encoder.Begun.Count == 1);

        // guide: order
        SubmitOptions customer7 = new() { FairnessKey = "customer-7", Tags = ["nightly"] };
        IReadOnlyList<TaskHandle<VideoFile>> many = await tasks.SubmitManyAsync([new RenderVideo("a", 24), new RenderVideo("b", 24)], customer7);
        TaskHandle<VideoFile> other = await tasks.SubmitAsync(new RenderVideo("c", 24), new() { FairnessKey = "customer-8" });
        TaskHandle<VideoFile> urgent = await tasks.SubmitAsync(new RenderVideo("d", 24), new() { Priority = TaskPriority.High });

        _app.Encoder.Release();
        await Task.WhenAll([.. many.Select(task => task.WaitAsync(cancellationToken)), other.WaitAsync(cancellationToken), urgent.WaitAsync(cancellationToken)]);
        Assert.Equal("first d a c b", string.Join(' ', _app.Encoder.Begun));
        Assert.Contains("in the order d, a, c, b", Repository.Read("docs", "guide.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dependencies_OfATask_HandItTheirResults()
    {
        // guide: dependencies
        TaskHandle<VideoFile> left = await tasks.SubmitAsync(new RenderVideo("left", 24));
        TaskHandle<VideoFile> right = await tasks.SubmitAsync(new RenderVideo("right", 24));
        TaskHandle<VideoFile> whole = await tasks.SubmitAsync(new JoinVideos("whole"), new() { DependsOn = [left, right] });

        Assert.Equal(new VideoFile("whole: left.mp4 + right.mp4"), await whole.WaitAsync(cancellationToken));
    }

    [Fact]
    public async Task IdempotencyKey_OfATaskThatIsKept_AnswersWithIt()
    {
        // guide: idempotency key
        TaskHandle<VideoFile> first = await tasks.SubmitAsync(new RenderVideo("intro", 24), new() { IdempotencyKey = "order-4711" });
        TaskHandle<VideoFile> again = await tasks.SubmitAsync(new RenderVideo("intro", 24), new() { IdempotencyKey = "order-4711" });    // the same task

        Assert.Equal(first.Id, again.Id);
        await first.WhenEndedAsync(cancellationToken);
        Assert.Equal(first.Id, (await tasks.SubmitAsync(new RenderVideo("intro", 24), new() { IdempotencyKey = "order-4711" }, cancellationToken)).Id);
    }

    [Fact]
    public async Task UniqueKey_OfAnUnfinishedTask_JoinsIt()
    {
        _app.Encoder.Hold();

        // guide: unique key
        TaskHandle<VideoFile> running = await tasks.SubmitAsync(new RenderVideo("intro", 24), new() { UniqueKey = "intro" });
        TaskHandle<VideoFile> joined = await tasks.SubmitAsync(new RenderVideo("intro", 24), new() { UniqueKey = "intro" });    // the same while it is unfinished

        Assert.Equal(running.Id, joined.Id);
        _app.Encoder.Release();
        await running.WhenEndedAsync(cancellationToken);
        Assert.NotEqual(running.Id, (await tasks.SubmitAsync(new RenderVideo("intro", 24), new() { UniqueKey = "intro" }, cancellationToken)).Id);
    }

    [Fact]
    public async Task Reuse_OfAResultOfEqualParameters_AnswersWithItsTask()
    {
        // guide: reuse
        SubmitOptions recent = new() { ReuseResultFor = TimeSpan.FromMinutes(5) };
        TaskHandle<VideoFile> made = await tasks.SubmitAsync(new RenderVideo("intro", 24), recent);
        await made.WhenEndedAsync();
        TaskHandle<VideoFile> reused = await tasks.SubmitAsync(new RenderVideo("intro", 24), recent);    // the same: equal parameters, completed lately

        Assert.Equal(made.Id, reused.Id);
        Assert.NotEqual(made.Id, (await tasks.SubmitAsync(new RenderVideo("outro", 24), recent, cancellationToken)).Id);
    }
}

// guide: results of others
public sealed record JoinVideos(string Name) : ITaskParameters<VideoFile>
{
    public static async Task<VideoFile> JoinAsync(JoinVideos task, TaskContext context)
    {
        var parts = new List<string>();
        foreach (Guid part in context.DependsOn)
        {
            parts.Add((await context.ResultOfAsync<VideoFile>(part)).Path);
        }

        return new VideoFile($"{task.Name}: {string.Join(" + ", parts)}");
    }
}
