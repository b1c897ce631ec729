using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TaskManager.AspNetCore.Endpoints;

namespace TaskManager.AspNetCore;

/// <summary>Maps the control of the in-process pool.</summary>
public static class TaskManagerPoolEndpoints
{
    /// <summary>Maps status, scale, stop and start of the in-process pool. Whoever may call these may stop all work; they are under no rate limit.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">What stands before <c>/workers/internal</c>, such as <c>/api/v1</c>; nothing by default.</param>
    /// <returns>A builder for conventions over all of them, such as <c>.RequireAuthorization()</c>.</returns>
    /// <exception cref="InvalidOperationException"><c>AddTaskManager</c> was not called.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of range.</exception>
    public static IEndpointConventionBuilder MapTaskManagerPool(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var surface = HttpSurface.Of(endpoints);
        var pool = new PoolEndpoints(surface, endpoints.ServiceProvider.GetRequiredService<ITaskPool>());
        var map = new EndpointMap(endpoints.MapGroup(prefix), 406);
        AnswerDescription[] answers = [new(200, "The pool as it stands then.", "Pool")];
        map.Map("Pool", "/workers/internal/status", EndpointMap.GetAndHead, pool.GetAsync, new("getPool", "Gets the in-process pool as it stands.") { Answers = answers });
        map.Map("Pool", "/workers/internal/start", EndpointMap.Post, pool.StartAsync, new("startPool", "Lets the pool claim tasks, or claim them again.")
        {
            Answers = answers,
            Refusals = [403],
        });
        map.Map("Pool", "/workers/internal/stop", EndpointMap.Post, pool.StopAsync, new("stopPool", "Lets the pool claim nothing more; what runs goes on.")
        {
            Answers = answers,
            Refusals = [403],
        });
        map.Map("Pool", "/workers/internal/scale", EndpointMap.Post, pool.ScaleAsync, new("scalePool", "Changes the number of slots, at once and without cutting anything short.")
        {
            Body = EndpointMap.Json("ScaleRequest"),
            Answers = answers,
            Refusals = [400, 403, 413, 415],
        });
        return map.GuardedBy(surface.UnlimitedGuard);
    }
}
