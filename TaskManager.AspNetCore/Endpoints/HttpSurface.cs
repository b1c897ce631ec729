using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Guards;
using TaskManager.AspNetCore.Requests;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary>
/// What all endpoints of one application share, however often they are mapped: the clients' budgets above all. It travels as a data source without endpoints, so that a second
/// mapping finds the first one's.
/// </summary>
internal sealed class HttpSurface : EndpointDataSource
{
    private HttpSurface(IServiceProvider services)
    {
        TaskManagerHttpOptions options = services.GetRequiredService<IOptions<TaskManagerHttpOptions>>().Value;
        TaskManagerOptions limits = services.GetRequiredService<IOptions<TaskManagerOptions>>().Value;
        Tasks = services.GetService<ITaskManager>()
            ?? throw new InvalidOperationException("There is no task manager to map: call builder.Services.AddTaskManager() first.");
        Limits = limits;
        Clock = services.GetRequiredService<TimeProvider>();
        Answer = new Answer(new DefaultObjectPool<JsonBuffer>(new JsonBuffer.PoolPolicy()));
        RateLimit = new RateLimitGuard(options.RateLimit.Validated(), Clock);
        CrossSite = new CrossSiteGuard(options.AllowedOrigins);
        Guard = new EndpointGuard(RateLimit, CrossSite, Answer);
        TaskJson = new TaskJsonWriter(limits.MaxResultBytes);
    }

    public ITaskManager Tasks { get; }

    public TaskManagerOptions Limits { get; }

    public TimeProvider Clock { get; }

    public Answer Answer { get; }

    public RateLimitGuard RateLimit { get; }

    public CrossSiteGuard CrossSite { get; }

    public EndpointGuard Guard { get; }

    public TaskJsonWriter TaskJson { get; }

    public ListCursor Cursor { get; } = new();

    public override IReadOnlyList<Endpoint> Endpoints => [];

    public static HttpSurface Of(IEndpointRouteBuilder endpoints)
    {
        HttpSurface? surface = endpoints.DataSources.OfType<HttpSurface>().FirstOrDefault();
        if (surface is null)
        {
            surface = new HttpSurface(endpoints.ServiceProvider);
            endpoints.DataSources.Add(surface);
        }

        return surface;
    }

    public override IChangeToken GetChangeToken() => NullChangeToken.Singleton;
}
