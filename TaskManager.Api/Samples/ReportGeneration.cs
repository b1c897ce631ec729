using System.ComponentModel.DataAnnotations;

namespace TaskManager.Api.Samples;

/// <summary>Pretends to typeset a report.</summary>
internal sealed record ReportGeneration(
    [property: StringLength(100, MinimumLength = 1)] string ReportType = "summary",
    [property: Range(0, SampleWork.MaxSeconds)] double ProcessingTime = 15) : ITaskParameters<ReportGenerationResult>
{
    public static async Task<ReportGenerationResult> HandleAsync(ReportGeneration task, TaskContext context)
    {
        await SampleWork.SpendAsync(context, task.ProcessingTime, "typesetting");
        int pages = task.ReportType == "summary" ? 2 : 40;
        return new ReportGenerationResult(task.ReportType, pages);
    }
}

internal sealed record ReportGenerationResult(string ReportType, int Pages);
