using System.ComponentModel.DataAnnotations;

namespace TaskManager.Api.Samples;

/// <summary>Takes its time, in as many equal steps as are asked for.</summary>
internal sealed record LongTask(
    [property: Range(0, SampleWork.MaxSeconds)] double Duration,
    [property: Range(1, 100_000)] int Steps) : ITaskParameters<LongTaskResult>
{
    public static async Task<LongTaskResult> HandleAsync(LongTask task, TaskContext context)
    {
        await SampleWork.SpendAsync(context, task.Duration, task.Steps, "working");
        return new LongTaskResult(task.Steps, task.Duration);
    }
}

internal sealed record LongTaskResult(int StepsCompleted, double Duration);
