using System.Text.Json;

namespace TaskManager.Api.Samples;

/// <summary>Adds the sample tasks, which show how handlers are written.</summary>
internal static class SampleTasks
{
    /// <summary>Adds those that the configuration asks for.</summary>
    /// <exception cref="InvalidOperationException">The configuration holds what is neither true nor false.</exception>
    public static TaskManagerBuilder AddSampleTasks(this TaskManagerBuilder tasks, IConfiguration configuration)
    {
        SampleTasksOptions options = configuration.GetSection(SampleTasksOptions.SectionName).Get<SampleTasksOptions>() ?? new SampleTasksOptions();
        if (options.Enabled)
        {
            tasks.AddWellBehaved();
        }

        if (options is { Enabled: true, Misbehaving: true })
        {
            tasks.AddMisbehaving();
        }

        return tasks;
    }

    private static void AddWellBehaved(this TaskManagerBuilder tasks) => tasks
        .AddHandler<ComputeSum, SumResult>("compute_sum", ComputeSum.HandleAsync, Shown(
            "Adds numbers up.", new ComputeSum([1, 2, 3], 1)))
        .AddHandler<GenerateReport, GenerateReportResult>("generate_report", GenerateReport.HandleAsync, Shown(
            "Makes up a report.", new GenerateReport("Sales", 1)))
        .AddHandler<SimulateFailure>("simulate_failure", SimulateFailure.HandleAsync, Shown(
            "Fails, every time, with the code simulated_failure.", new SimulateFailure("No luck today.", 1)))
        .AddHandler<DataProcessing, DataProcessingResult>("data_processing", DataProcessing.HandleAsync, Shown(
            "Pretends to work through records.", new DataProcessing(500, 1)))
        .AddHandler<ReportGeneration, ReportGenerationResult>("report_generation", ReportGeneration.HandleAsync, Shown(
            "Pretends to typeset a report.", new ReportGeneration("detailed", 1)))
        .AddHandler<VideoProcessing, VideoProcessingResult>("video_processing", VideoProcessing.HandleAsync, Shown(
            "Pretends to encode a video.", new VideoProcessing("720p", 240, 1)))
        .AddHandler<DefaultTask, DefaultTaskResult>("default", DefaultTask.HandleAsync, Shown(
            "Takes any JSON, and heeds nothing of it but an object's processing_time.", DefaultExample()))
        .AddHandler<Add, SumResult>("add", Add.HandleAsync, Shown(
            "Adds two numbers.", new Add(2, 3)))
        .AddHandler<Fibonacci, FibonacciResult>("fib", Fibonacci.HandleAsync, Shown(
            "Computes a Fibonacci number, with all its digits.", new Fibonacci(100)))
        .AddHandler<LongTask, LongTaskResult>("long", LongTask.HandleAsync, Shown(
            "Takes its time, in equal steps.", new LongTask(2.5, 10)));

    private static void AddMisbehaving(this TaskManagerBuilder tasks) => tasks
        .AddHandler<Misbehave, object>("misbehave", Misbehave.HandleAsync, Shown(
            "Does what no handler should, to see what the service makes of it.", new Misbehave(Misbehaviour.Throw, 1)));

    private static DefaultTask DefaultExample() => new(JsonSerializer.SerializeToElement(new { processing_time = 1, anything = "else" }));

    private static Action<TaskTypeOptions> Shown(string description, object example) => type =>
    {
        type.Description = description;
        type.Example = example;
    };
}
