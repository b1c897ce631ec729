using System.ComponentModel.DataAnnotations;

namespace TaskManager.Api.Samples;

/// <summary>Pretends to work through records.</summary>
internal sealed record DataProcessing(
    [property: Range(0, 1_000_000_000)] int RecordCount = 1000,
    [property: Range(0, SampleWork.MaxSeconds)] double ProcessingTime = 10) : ITaskParameters<DataProcessingResult>
{
    public static async Task<DataProcessingResult> HandleAsync(DataProcessing task, TaskContext context)
    {
        await SampleWork.SpendAsync(context, task.ProcessingTime, "processing records");
        return new DataProcessingResult(task.RecordCount);
    }
}

internal sealed record DataProcessingResult(int RecordsProcessed);
