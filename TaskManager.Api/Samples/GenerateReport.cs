using System.ComponentModel.DataAnnotations;

namespace TaskManager.Api.Samples;

/// <summary>Makes up a report.</summary>
internal sealed record GenerateReport(
    [property: StringLength(200)] string? Title = null,
    [property: Range(0, SampleWork.MaxSeconds)] double ProcessingTime = 10) : ITaskParameters<GenerateReportResult>
{
    public static async Task<GenerateReportResult> HandleAsync(GenerateReport task, TaskContext context)
    {
        await SampleWork.SpendAsync(context, task.ProcessingTime, "writing");
        string title = task.Title ?? "Untitled report";

        // Named after the task, not at random: another attempt makes the same report, not a second one.
        return new GenerateReportResult($"report-{context.TaskId}", title, $"{title}\n\nAll figures are up, and all of them are made up.");
    }
}

internal sealed record GenerateReportResult(string ReportId, string Title, string Body);
