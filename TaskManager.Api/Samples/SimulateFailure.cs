using System.ComponentModel.DataAnnotations;

namespace TaskManager.Api.Samples;

/// <summary>Fails, every time: to see an error, or what further attempts look like.</summary>
internal sealed record SimulateFailure(
    [property: StringLength(1000)] string? Message = null,
    [property: Range(0, SampleWork.MaxSeconds)] double ProcessingTime = 5) : ITaskParameters<object>
{
    public static async Task HandleAsync(SimulateFailure task, TaskContext context)
    {
        await SampleWork.SpendAsync(context, task.ProcessingTime, "about to fail");
        throw new TaskAttemptException("simulated_failure", task.Message ?? "The task failed as it was asked to.");
    }
}
