using System.Diagnostics;
using Microsoft.AspNetCore.HostFiltering;

namespace TaskManager.Api.Hosting;

/// <summary>Gives problem details to what the framework itself refuses, in the shape of all others.</summary>
internal static class HostProblems
{
    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        // Before all others: the filter of host names, which the builder has added already, shall be answered for too.
        services.Insert(0, ServiceDescriptor.Transient<IStartupFilter, OutermostFilter>());
        services.Configure<HostFilteringOptions>(options => options.IncludeFailureMessage = false);
        return services.AddProblemDetails(options => options.CustomizeProblemDetails = Customize);
    }

    private static void Customize(ProblemDetailsContext problem)
    {
        problem.ProblemDetails.Instance ??= problem.HttpContext.Request.Path.Value;
        problem.ProblemDetails.Extensions.Remove("traceId");
        problem.ProblemDetails.Extensions["trace_id"] = Activity.Current?.TraceId.ToString() ?? problem.HttpContext.TraceIdentifier;
        if (problem.ProblemDetails.Type?.StartsWith("urn:taskmanager:", StringComparison.Ordinal) != true)
        {
            (string name, string detail) = Describe(problem.HttpContext);
            problem.ProblemDetails.Type = $"urn:taskmanager:problem:{name}";
            problem.ProblemDetails.Detail = detail; // never an exception's own text
        }
    }

    private static (string Name, string Detail) Describe(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status400BadRequest => ("bad-request", "The request cannot be read, or its Host header names a host that is not served here."),
        StatusCodes.Status404NotFound => ("not-found", "There is nothing at this path."),
        StatusCodes.Status405MethodNotAllowed => ("method-not-allowed", $"The method is not one of {context.Response.Headers.Allow}."),
        StatusCodes.Status415UnsupportedMediaType => ("unsupported-media-type", "The Content-Type is not one that is understood here."),
        StatusCodes.Status500InternalServerError => ("internal-error", "The service failed; its log says more under the trace_id."),
        _ => ("refused", "The request was refused."),
    };

    private sealed class OutermostFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(static (context, following) =>
            {
                context.Response.Headers.XContentTypeOptions = "nosniff";
                return following(context);
            });
            app.UseExceptionHandler();
            app.UseStatusCodePages();
            next(app);
        };
    }
}
