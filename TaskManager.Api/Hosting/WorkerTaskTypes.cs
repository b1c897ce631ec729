using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace TaskManager.Api.Hosting;

/// <summary>The task types that workers run, as the configuration declares them; workers may make others known by registering.</summary>
internal static partial class WorkerTaskTypes
{
    private const string SectionName = "WorkerTaskTypes";

    /// <summary>Adds those that the configuration declares.</summary>
    /// <exception cref="OptionsValidationException">A name or a schema file is wrong; it names the key and what is allowed. Ranges are checked when the types are built.</exception>
    public static TaskManagerBuilder AddWorkerTaskTypes(this TaskManagerBuilder tasks, IConfiguration configuration)
    {
        foreach (IConfigurationSection declaration in configuration.GetSection(SectionName).GetChildren())
        {
            WorkerTaskTypeSettings settings = declaration.Get<WorkerTaskTypeSettings>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new WorkerTaskTypeSettings();
            ParametersSchema? schema = settings.ParametersSchemaFile is { } file ? ParametersSchema.Read(file, $"{declaration.Path}:{nameof(settings.ParametersSchemaFile)}") : null;
            try
            {
                tasks.AddWorkerTaskType(declaration.Key, type =>
                {
                    settings.ApplyTo(type);
                    type.ParametersSchema = schema?.Shown;
                    type.CheckParameters = schema is null ? null : schema.Check;
                });
            }
            catch (ArgumentException error) when (error.ParamName == "taskType" || error.ParamName == "name")
            {
                throw new OptionsValidationException(declaration.Path, typeof(WorkerTaskTypeSettings), [$"{declaration.Path}: {error.Message}"]);
            }
        }

        return tasks;
    }

    /// <summary>Says what is wrong with the options of a type in the words of the configuration: the host's own types are right, so it is one that was declared there.</summary>
    public static string Describe(string failure) => ByKey().Replace(failure, $"{SectionName}:${{name}}:").Replace(":Rate.", ":Rate", StringComparison.Ordinal);

    [GeneratedRegex("^The task type \"(?<name>[^\"]+)\":", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ByKey();
}
