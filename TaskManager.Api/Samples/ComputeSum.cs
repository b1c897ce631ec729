using System.ComponentModel.DataAnnotations;

namespace TaskManager.Api.Samples;

/// <summary>Adds numbers up.</summary>
internal sealed record ComputeSum(
    [property: MinLength(1)] double[] Numbers,
    [property: Range(0, SampleWork.MaxSeconds)] double ProcessingTime = 5) : ITaskParameters<SumResult>
{
    public static async Task<SumResult> HandleAsync(ComputeSum task, TaskContext context)
    {
        await SampleWork.SpendAsync(context, task.ProcessingTime, "adding");
        return SumResult.Of(task.Numbers.Sum());
    }
}
