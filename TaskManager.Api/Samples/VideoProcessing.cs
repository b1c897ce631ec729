using System.ComponentModel.DataAnnotations;

namespace TaskManager.Api.Samples;

/// <summary>Pretends to encode a video, and says so in its log.</summary>
internal sealed record VideoProcessing(
    [property: StringLength(50, MinimumLength = 1)] string Resolution = "1080p",
    [property: Range(0, 1_000_000_000)] int Frames = 720,
    [property: Range(0, SampleWork.MaxSeconds)] double ProcessingTime = 30) : ITaskParameters<VideoProcessingResult>
{
    public static async Task<VideoProcessingResult> HandleAsync(VideoProcessing task, TaskContext context)
    {
        SampleLog.Encoding(context.Logger, task.Frames);
        await SampleWork.SpendAsync(context, task.ProcessingTime, "encoding");
        return new VideoProcessingResult(task.Frames, task.Resolution);
    }
}

internal sealed record VideoProcessingResult(int FramesProcessed, string Resolution);
