using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Endpoints;
using TaskManager.AspNetCore.Metrics;

namespace TaskManager.AspNetCore;

/// <summary>Maps the metrics of the task manager for Prometheus.</summary>
public static class TaskManagerMetricsEndpoints
{
    /// <summary>
    /// Maps <c>GET /metrics</c>: the instruments of the meter <c>TaskManager</c> in Prometheus' text format. Other libraries' are left to an exporter of OpenTelemetry. Under no rate limit.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">Where.</param>
    /// <returns>A builder for conventions, such as <c>.RequireAuthorization()</c>.</returns>
    /// <exception cref="InvalidOperationException"><c>AddTaskManager</c> was not called.</exception>
    public static IEndpointConventionBuilder MapTaskManagerMetrics(this IEndpointRouteBuilder endpoints, string pattern = "/metrics")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var surface = HttpSurface.Of(endpoints);
        var map = new EndpointMap(endpoints.MapGroup(string.Empty));
        var collector = new MetricCollector(endpoints.ServiceProvider.GetRequiredService<IMeterFactory>(), HttpSurface.MeterName);
        endpoints.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(collector.Dispose);
        RequestDelegate get = context => Answer.SendAsync(context, StatusCodes.Status200OK, PrometheusText.ContentType, Encoding.UTF8.GetBytes(collector.Write()));
        map.Map("Health", pattern, EndpointMap.GetAndHead, get, new("getMetrics", "Gets the metrics in Prometheus' text format.")
        {
            Answers = [new(200, "Every series, by name.", "Metrics", "text/plain")],
        });
        return map.GuardedBy(surface.UnlimitedGuard);
    }
}
