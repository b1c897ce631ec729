using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Guards;
using TaskManager.AspNetCore.Requests;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary>What all endpoints of one application share, however often and in whatever group they are mapped: the clients' budgets above all.</summary>
internal sealed class HttpSurface
{
    /// <summary>The meter of the library, which the surface counts its own refusals with.</summary>
    public const string MeterName = "TaskManager";

    private HttpSurface(IServiceProvider services, TaskManagerHttpOptions options)
    {
        TaskManagerOptions limits = services.GetRequiredService<IOptions<TaskManagerOptions>>().Value;
        Tasks = services.GetService<ITaskManager>()
            ?? throw new InvalidOperationException("There is no task manager to map: call builder.Services.AddTaskManager() first.");
        Limits = limits;
        Clock = services.GetRequiredService<TimeProvider>();
        Answer = new Answer(new DefaultObjectPool<JsonBuffer>(new JsonBuffer.PoolPolicy()));
        RateLimit = new RateLimitGuard(options.WithLimit(services).Validated().RateLimit, Clock, services.GetService<IMeterFactory>()?.Create(new MeterOptions(MeterName)));
        CrossSite = new CrossSiteGuard(options.AllowedOrigins);
        Guard = new EndpointGuard(RateLimit, CrossSite, Answer);
        UnlimitedGuard = new EndpointGuard(rateLimit: null, CrossSite, Answer);
        TaskJson = new TaskJsonWriter(limits.MaxResultBytes);
    }

    public ITaskManager Tasks { get; }

    public TaskManagerOptions Limits { get; }

    public TimeProvider Clock { get; }

    public Answer Answer { get; }

    public RateLimitGuard RateLimit { get; }

    public CrossSiteGuard CrossSite { get; }

    /// <summary>Gets the guard of what clients call.</summary>
    public EndpointGuard Guard { get; }

    /// <summary>Gets the guard of what workers and operators call, whom no limit must hold up.</summary>
    public EndpointGuard UnlimitedGuard { get; }

    public TaskJsonWriter TaskJson { get; }

    public ListCursor Cursor { get; } = new();

    public static HttpSurface Of(IEndpointRouteBuilder endpoints)
    {
        // The options are one object per application, which every mapping finds.
        TaskManagerHttpOptions options = endpoints.ServiceProvider.GetRequiredService<IOptions<TaskManagerHttpOptions>>().Value;
        return options.Surface ??= new HttpSurface(endpoints.ServiceProvider, options);
    }
}
