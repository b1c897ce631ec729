using System.Diagnostics;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace TaskManager.Api.Hosting;

/// <summary>Gives problem details to what the framework itself refuses, in the shape of all others.</summary>
internal static class HostProblems
{
    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        // Before all others: the filter of host names, which the builder has added already, shall be answered for too.
        services.Insert(0, ServiceDescriptor.Transient<IStartupFilter, OutermostFilter>());
        services.Configure<HostFilteringOptions>(options => options.IncludeFailureMessage = false);
        return services.AddSingleton<IProblemDetailsWriter, Writer>().AddProblemDetails();
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

    // What UseStatusCodePages does, without the features and items that it hangs on every request: half a kilobyte for each call that waits.
    private static async Task AnswerWhatIsLeftEmptyAsync(HttpContext context, RequestDelegate following)
    {
        await following(context);
        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null or "" })
        {
            await context.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new ProblemDetailsContext { HttpContext = context });
        }
    }

    // Whoever reads the name behind this would throw, such as the OpenAPI document.
    private static Task RefuseHostThatIsNoNameAsync(HttpContext context, RequestDelegate following)
    {
        try
        {
            _ = context.Request.Host.ToUriComponent();
        }
        catch (ArgumentException) // such as an "xn--" name that stands for none, or two dots in a row
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        }

        return following(context);
    }

    /// <summary>Writes an error whatever the client accepts: the framework's own writer leaves it to plain text, or to nothing, when it is not JSON.</summary>
    private sealed class Writer : IProblemDetailsWriter
    {
        public bool CanWrite(ProblemDetailsContext context) => true;

        public async ValueTask WriteAsync(ProblemDetailsContext context)
        {
            HttpResponse response = context.HttpContext.Response;
            ProblemDetails problem = context.ProblemDetails;
            problem.Status ??= response.StatusCode;
            problem.Title ??= ReasonPhrases.GetReasonPhrase(response.StatusCode);
            problem.Instance ??= context.HttpContext.Request.Path.Value;
            problem.Extensions.Remove("traceId");
            problem.Extensions["trace_id"] = Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
            if (problem.Type?.StartsWith("urn:taskmanager:", StringComparison.Ordinal) != true)
            {
                (string name, string detail) = Describe(context.HttpContext);
                problem.Type = $"urn:taskmanager:problem:{name}";
                problem.Detail = detail; // never an exception's own text
            }

            await response.WriteAsJsonAsync(problem, options: null, contentType: "application/problem+json", context.HttpContext.RequestAborted);
        }
    }

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
            app.Use(AnswerWhatIsLeftEmptyAsync);
            app.Use(RefuseHostThatIsNoNameAsync);
            next(app);
        };
    }
}
