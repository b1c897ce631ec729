namespace TaskManager.Api.Samples;

/// <summary>Adds the sample tasks, which show how handlers are written.</summary>
internal static class SampleTasks
{
    public static TaskManagerBuilder AddSampleTasks(this TaskManagerBuilder tasks, IConfiguration configuration)
    {
        SampleTasksOptions options = configuration.GetSection(SampleTasksOptions.SectionName).Get<SampleTasksOptions>() ?? new SampleTasksOptions();
        return options.Enabled
            ? tasks
                .AddHandler<ComputeSum, ComputeSumResult>("compute_sum", ComputeSum.HandleAsync, type =>
                {
                    type.Description = "Adds numbers up.";
                    type.Example = new ComputeSum([1, 2, 3], 1);
                })
            : tasks;
    }
}
