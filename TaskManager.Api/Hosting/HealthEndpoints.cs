using TaskManager.AspNetCore;

namespace TaskManager.Api.Hosting;

/// <summary><c>GET /health</c> and <c>GET /ready</c>. Neither counts against a client's limit.</summary>
internal static class HealthEndpoints
{
    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        RequestDelegate health = HealthAsync;
        RequestDelegate ready = ReadyAsync;
        endpoints.MapMethods("/health", GetAndHead, health).WithTags("Health").WithMetadata(health.Method, new EndpointDescription("getHealth", "Tells that the process is alive.")
        {
            Answers = [new(200, "It is.", "Health")],
        });
        endpoints.MapMethods("/ready", GetAndHead, ready).WithTags("Health").WithMetadata(ready.Method, new EndpointDescription("getReadiness", "Tells whether tasks are accepted and claimed.")
        {
            Answers = [new(200, "They are.", "Readiness")],
            Refusals = [503],
        });
    }

    /// <summary>Cheap, and without a look at the store: it only tells that the process answers, and what it promises.</summary>
    private static Task HealthAsync(HttpContext context) => SendAsync(context, StatusCodes.Status200OK, """{"status":"healthy","storage":"memory","durable":false}"""u8.ToArray());

    private static async Task ReadyAsync(HttpContext context)
    {
        TaskManagerReadiness readiness = context.RequestServices.GetRequiredService<ITaskManager>().Readiness;
        if (readiness.IsReady)
        {
            await SendAsync(context, StatusCodes.Status200OK, """{"status":"ready"}"""u8.ToArray());
            return;
        }

        await Results.Problem(
            type: $"urn:taskmanager:problem:{readiness.Reason!.Replace('_', '-')}",
            title: "The service is not ready.",
            detail: readiness.Detail,
            statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
    }

    private static async Task SendAsync(HttpContext context, int status, byte[] json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}
