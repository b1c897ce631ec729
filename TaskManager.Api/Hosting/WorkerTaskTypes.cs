namespace TaskManager.Api.Hosting;

/// <summary>The task types that workers run, as the configuration declares them; workers may make others known by registering.</summary>
internal static class WorkerTaskTypes
{
    private const string SectionName = "WorkerTaskTypes";

    /// <summary>Adds those that the configuration declares.</summary>
    /// <exception cref="InvalidOperationException">A declaration is wrong; it names the key and what is allowed.</exception>
    public static TaskManagerBuilder AddWorkerTaskTypes(this TaskManagerBuilder tasks, IConfiguration configuration)
    {
        foreach (IConfigurationSection declaration in configuration.GetSection(SectionName).GetChildren())
        {
            WorkerTaskTypeSettings settings = declaration.Get<WorkerTaskTypeSettings>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new WorkerTaskTypeSettings();
            ParametersSchema? schema = settings.ParametersSchemaFile is { } file ? ParametersSchema.Read(file, $"{declaration.Path}:{nameof(settings.ParametersSchemaFile)}") : null;
            tasks.AddWorkerTaskType(declaration.Key, type =>
            {
                settings.ApplyTo(type);
                type.ParametersSchema = schema?.Shown;
                type.CheckParameters = schema is null ? null : schema.Check;
            });
        }

        return tasks;
    }
}
