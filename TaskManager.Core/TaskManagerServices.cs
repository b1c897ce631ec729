using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TaskManager.Admission;
using TaskManager.Engine;
using TaskManager.Storage;
using TaskManager.Types;

namespace TaskManager;

/// <summary>Adds the task manager to an application's services.</summary>
public static class TaskManagerServices
{
    /// <summary>
    /// Adds <see cref="ITaskManager"/>, <see cref="ITaskPool"/>, <see cref="ITaskWorkers"/> and <see cref="TaskTypeRegistry"/>, in memory.
    /// In a host the pool starts and drains with it; elsewhere it starts with the first submission and stops with the service provider. A <see cref="TimeProvider"/> and an <see cref="ITaskStore"/> that are registered already are used.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets options; may be called again elsewhere with <c>services.Configure&lt;TaskManagerOptions&gt;</c>.</param>
    /// <returns>A builder to add handlers with.</returns>
    public static TaskManagerBuilder AddTaskManager(this IServiceCollection services, Action<TaskManagerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<TaskManagerOptions> options = services.AddOptions<TaskManagerOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TaskManagerOptions>, TaskManagerOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new TaskTypeRegistry(
            provider.GetServices<TaskTypeRegistration>(), provider.GetRequiredService<IOptions<TaskManagerOptions>>()));
        services.TryAddSingleton<ITaskStore>(provider => new InMemoryTaskStore(
            provider.GetRequiredService<IOptions<TaskManagerOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new TaskEngine(
            provider.GetRequiredService<ITaskStore>(),
            provider.GetRequiredService<TaskTypeRegistry>(),
            provider.GetRequiredService<IOptions<TaskManagerOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
            provider.GetService<IMeterFactory>()));
        services.TryAddSingleton<ITaskManager>(provider => provider.GetRequiredService<TaskEngine>());
        services.TryAddSingleton(provider => provider.GetRequiredService<TaskEngine>().Pool);
        services.TryAddSingleton(provider => provider.GetRequiredService<TaskEngine>().Workers);
        services.AddHostedService<TaskManagerService>();
        return new TaskManagerBuilder(services);
    }
}
