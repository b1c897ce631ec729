using System.ComponentModel.DataAnnotations;

namespace TaskManager.Api.Samples;

/// <summary>Adds two numbers.</summary>
internal sealed record Add(
    double A,
    double B,
    [property: Range(0, SampleWork.MaxSeconds)] double ProcessingTime = 0) : ITaskParameters<SumResult>
{
    public static async Task<SumResult> HandleAsync(Add task, TaskContext context)
    {
        await SampleWork.SpendAsync(context, task.ProcessingTime, "adding");
        return SumResult.Of(task.A + task.B);
    }
}
