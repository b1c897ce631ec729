using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Logging;

namespace TaskManager.Tests.Docs;

/// <summary>Runs what <c>docs/guide.md</c> shows about one task: its handler, its end, its reports, and what is asked of it.</summary>
[Trait("Proof", "readme")]
public sealed class GuideHandlerTests : IAsyncDisposable
{
    private readonly GuideFixture _app = new();

    private ITaskManager tasks => _app.Tasks; // named as in the guide

    private static CancellationToken cancellationToken => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal static void Register(TaskManagerBuilder builder)
    {
        // guide: registration
        builder
            .AddHandler<RenderVideo, VideoFile, RenderVideoHandler>("render", type =>
            {
                type.Description = "Renders a video.";                 // for GET /task-types and the OpenAPI document
                type.Example = new RenderVideo("intro", 24);
                type.Timeout = TimeSpan.FromMinutes(10);               // of each attempt; DefaultTimeout otherwise
            })
            .AddHandler("join", (JoinVideos task, TaskContext context) => JoinVideos.JoinAsync(task, context));
    }

    [Fact]
    public async Task Outcome_OfATaskThatCompletes_IsItsResult()
    {
        // guide: outcome
        TaskHandle<VideoFile> handle = await tasks.SubmitAsync(new RenderVideo("intro", 24));
        VideoFile file = await handle.WaitAsync(cancellationToken);      // the token ends the wait, not the task

        Assert.Equal(new VideoFile("intro.mp4"), file);
        Assert.Equal(file, await tasks.GetHandle<VideoFile>(handle.Id).WaitAsync(cancellationToken));
        Assert.Equal("intro.mp4", await ShowAsync(handle));
    }

    [Fact]
    public async Task Outcome_OfATaskThatTimesOut_SaysSo()
    {
        _app.Encoder.Hold();
        TaskHandle<VideoFile> handle = await tasks.SubmitAsync(new RenderVideo("intro", 24));
        await Patience.UntilAsync(() => _app.Encoder.Begun.Count == 1);
        _app.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("TimedOut: timed_out", await ShowAsync(handle));
        TaskTimedOutException thrown = await Assert.ThrowsAsync<TaskTimedOutException>(() => handle.WaitAsync(cancellationToken));
        Assert.Equal(handle.Id, thrown.TaskId);
        Assert.Equal("timed_out", thrown.Error?.Code);
    }

    [Fact]
    public async Task Reports_OfATask_AreSeen()
    {
        TaskHandle<VideoFile> handle = await tasks.SubmitAsync(new RenderVideo("intro", 24));
        await handle.WaitAsync(cancellationToken);

        Assert.Equal("Completed: 100 % encoding", await ShowProgressAsync(handle));

        // guide: log
        TaskLogPage? log = await tasks.ReadLogAsync(handle, least: LogLevel.Information);
        string[] lines = [.. log!.Items.Select(line => $"{line.Level}: {line.Message}")];

        Assert.Equal(["Information: Rendering 24 frames"], lines);
    }

    [Fact]
    public async Task Cancel_OfARunningTask_IsFelt()
    {
        _app.Encoder.Hold();
        TaskHandle<VideoFile> handle = await tasks.SubmitAsync(new RenderVideo("intro", 24));
        await Patience.UntilAsync(() => _app.Encoder.Begun.Count == 1);

        // guide: cancel
        TaskMove move = await handle.CancelAsync();
        bool holds = move.IsAccepted;                        // false when it had ended otherwise
        TaskRecord ended = await handle.WhenEndedAsync();    // by now the code has stopped

        Assert.True(holds);
        Assert.Equal(TaskState.Cancelled, ended.State);
        Assert.Equal("cancelled", await ShowAsync(handle));
    }

    [Fact]
    public async Task Pause_OfARunningTask_StandsAtItsCheckpoint()
    {
        _app.Encoder.Hold();
        TaskHandle<VideoFile> handle = await tasks.SubmitAsync(new RenderVideo("intro", 24));
        await Patience.UntilAsync(() => _app.Encoder.Begun.Count == 1);
        await handle.PauseAsync();
        _app.Encoder.Release();

        // guide: pause
        await handle.PauseAsync();                    // recorded; felt at the next checkpoint
        await handle.WhenAsync(TaskState.Paused);
        await handle.ResumeAsync();                   // goes on in its old place in the order

        Assert.Equal(new VideoFile("intro.mp4"), await handle.WaitAsync(cancellationToken));
        Assert.Equal(1, (await handle.GetAsync(cancellationToken))?.Status.Attempt);
    }

    private static async Task<string> ShowAsync(TaskHandle<VideoFile> handle)
    {
        // guide: outcome without a throw
        TaskOutcome<VideoFile> outcome = await handle.OutcomeAsync(cancellationToken);
        string shown = outcome switch
        {
            { IsCompleted: true, Result: { } file } => file.Path,
            { State: TaskState.Cancelled } => "cancelled",
            { State: var state, Error: var error } => $"{state}: {error?.Code}",
        };

        return shown;
    }

    private static async Task<string> ShowProgressAsync(TaskHandle<VideoFile> handle)
    {
        // guide: progress
        TaskRecord? record = await handle.GetAsync();
        string shown = $"{record?.State}: {record?.Progress?.Percent} % {record?.Progress?.Message}";

        return shown;
    }
}

// guide: handler
public sealed class RenderVideoHandler(IEncoder encoder) : ITaskHandler<RenderVideo, VideoFile>
{
    public async Task<VideoFile> HandleAsync(RenderVideo task, TaskContext context)
    {
        context.Logger.LogInformation("Rendering {Frames} frames", task.Frames);      // the host's log, and the task's own
        for (int frame = 1; frame <= task.Frames; frame++)
        {
            await context.CheckpointAsync();                                          // pause and cancel are felt here
            await encoder.EncodeAsync(task.Name, frame, context.CancellationToken);   // cancel and time-out are felt here
            context.ReportProgress(frame, task.Frames, "encoding");                   // cheap: the latest report counts
        }

        return new VideoFile(task.Name + ".mp4");
    }
}

public sealed record RenderVideo([property: MinLength(1)] string Name, [property: Range(1, 100_000)] int Frames) : ITaskParameters<VideoFile>;

public sealed record VideoFile(string Path);
