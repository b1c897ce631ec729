using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TaskManager.AspNetCore;

/// <summary>Adds the task manager to an application's health checks.</summary>
public static class TaskManagerHealthChecks
{
    /// <summary>Adds a check that is healthy while tasks are accepted and claimed; its data says why not.</summary>
    /// <param name="builder">The application's checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What it reports when tasks are not; the default is <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags to filter checks by, such as <c>ready</c>.</param>
    /// <returns>The checks.</returns>
    public static IHealthChecksBuilder AddTaskManager(
        this IHealthChecksBuilder builder, string name = "taskmanager", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name, provider => new Check(provider.GetRequiredService<ITaskManager>()), failureStatus, tags));
    }

    private sealed class Check(ITaskManager tasks) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            TaskManagerReadiness readiness = tasks.Readiness;
            return Task.FromResult(readiness.IsReady
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(
                    context.Registration.FailureStatus,
                    readiness.Detail,
                    data: new Dictionary<string, object>(StringComparer.Ordinal) { ["reason"] = readiness.Reason! }));
        }
    }
}
