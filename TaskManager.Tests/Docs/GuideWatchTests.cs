using System.Collections.Concurrent;

namespace TaskManager.Tests.Docs;

/// <summary>Runs what <c>docs/guide.md</c> shows about looking at tasks: events, reasons, refusals and lists.</summary>
[Trait("Proof", "readme")]
public sealed class GuideWatchTests : IAsyncDisposable
{
    private readonly GuideFixture _app = new();

    private ITaskManager tasks => _app.Tasks; // named as in the guide

    private static CancellationToken cancellationToken => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Events_OfATask_ComeInOrder()
    {
        TaskHandle<VideoFile> handle = await tasks.SubmitAsync(new RenderVideo("intro", 1));
        var seen = new List<string>();

        // guide: events
        await foreach (TaskEvent happened in handle.WatchAsync(cancellationToken))
        {
            seen.Add(happened switch
            {
                TaskStatusEvent status => $"{status.State}",
                TaskProgressEvent progress => $"{progress.Progress.Percent} %",
                TaskLogEvent line => line.Message,
                _ => "begin again",    // TaskResetEvent: some events are kept no more; its Record is the task as it stands
            });
        }

        Assert.Equal(["Queued", "Processing", "Rendering 1 frames", "100 %", "Completed"], seen);
    }

    [Fact]
    public async Task Events_OfAllTasks_AreThoseThatMatch()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var seen = new ConcurrentBag<string>();
        Task watching = WatchFailuresAsync(seen, stop.Token);
        await Patience.UntilAsync(async () => (await tasks.GetStatisticsAsync(cancellationToken)).Bounds["subscribers"].Used == 1);
        _app.Encoder.Hold();
        TaskHandle<VideoFile> slow = await tasks.SubmitAsync(new RenderVideo("intro", 1), new SubmitOptions { Timeout = TimeSpan.FromSeconds(1) }, cancellationToken);
        await Patience.UntilAsync(() => _app.Encoder.Begun.Count == 1);

        _app.Clock.Advance(TimeSpan.FromSeconds(1));

        await Patience.UntilAsync(() => seen.Count == 1);
        Assert.Equal([$"{slow.Id} The attempt did not finish within 1 s."], seen);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }

    [Fact]
    public async Task Reason_OfATaskThatWaits_IsGiven()
    {
        _app.Encoder.Hold();
        TaskHandle<VideoFile> running = await tasks.SubmitAsync(new RenderVideo("intro", 24));
        await running.WhenAsync(TaskState.Processing, cancellationToken);
        TaskHandle<VideoFile> queued = await tasks.SubmitAsync(new RenderVideo("intro", 24));
        TaskHandle<VideoFile> later = await tasks.SubmitAsync(new RenderVideo("intro", 24), new() { Delay = TimeSpan.FromHours(1) });
        TaskHandle<VideoFile> blocked = await tasks.SubmitAsync(new JoinVideos("whole"), new() { DependsOn = [queued, later] });

        Assert.Equal("it runs, or has ended", await WhyAsync(running));
        Assert.Equal("slot", await WhyAsync(queued));
        Assert.Equal("not before 2026-01-01 01:00:00Z", await WhyAsync(later));
        Assert.Equal("waits for 2 others", await WhyAsync(blocked));
    }

    [Fact]
    public async Task NoRoom_IsAnAnswer()
    {
        // guide: no room
        SubmitResult result = await tasks.TrySubmitAsync(new TaskRequest("render", new RenderVideo("intro", 24)), cancellationToken);
        string answer = result switch
        {
            SubmitResult.Accepted accepted => accepted.Task.Id.ToString(),
            SubmitResult.QueueFull => "try again when something has ended",
            SubmitResult.Invalid invalid => string.Join(", ", invalid.Errors.Keys),
            _ => result.GetType().Name,
        };

        Assert.True(Guid.TryParse(answer, out _), answer);
    }

    [Fact]
    public async Task List_OfCompletedTasks_CanBeRemovedFrom()
    {
        TaskHandle<VideoFile> done = await tasks.SubmitAsync(new RenderVideo("intro", 24));
        await done.WaitAsync(cancellationToken);

        // guide: list
        TaskPage page = await tasks.ListAsync(new TaskQuery { States = [TaskState.Completed], TaskTypes = ["render"], Limit = 50 }, cancellationToken);
        RemoveOutcome outcome = await tasks.RemoveAsync(page.Items[0].Id, cancellationToken);    // for good, before retention does it

        Assert.Equal(RemoveOutcome.Removed, outcome);
        Assert.Null(await done.GetAsync(cancellationToken));
    }

    private async Task WatchFailuresAsync(ConcurrentBag<string> seen, CancellationToken cancellationToken)
    {
        // guide: all events
        var failures = new TaskWatchFilter { States = [TaskState.Failed, TaskState.TimedOut] };
        await foreach (TaskEvent happened in tasks.WatchAllAsync(failures, after: null, cancellationToken))
        {
            seen.Add($"{happened.TaskId} {((TaskStatusEvent)happened).Error?.Message}");
        }
    }

    private async Task<string> WhyAsync(TaskHandle handle)
    {
        TaskRecord record = (await handle.GetAsync(cancellationToken))!.Value;

        // guide: why
        TaskWaitReason? reason = await tasks.ExplainAsync(record);
        string why = reason switch
        {
            null => "it runs, or has ended",
            { Reason: "run_at", Until: { } until } => $"not before {until:u}",
            { Reason: "dependencies", TaskIds: { } others } => $"waits for {others.Count} others",
            { Reason: "type_limit" or "type_rate", TaskType: { } type } => $"as many {type.Name} tasks as may",
            { Reason: var word } => word,    // slot, paused, pool_stopped, no_worker
        };

        return why;
    }
}
