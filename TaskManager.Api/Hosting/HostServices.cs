using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using TaskManager.AspNetCore;

namespace TaskManager.Api.Hosting;

/// <summary>Binds the host's configuration to what it configures.</summary>
internal static class HostServices
{
    /// <summary>Binds the sections of the task manager and of its HTTP surface.</summary>
    public static IServiceCollection ConfigureTaskManager(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<TaskManagerOptions>(configuration.GetSection(TaskManagerOptions.SectionName));
        services.Configure<TaskManagerHttpOptions>(http =>
        {
            configuration.GetSection(RateLimitOptions.SectionName).Bind(http.RateLimit);
            configuration.GetSection("Cors:AllowedOrigins").Bind(http.AllowedOrigins);
        });

        // The drain has its own patience; the host must have a little more, or it would cut the drain short.
        services.AddOptions<HostOptions>().Configure<IOptions<TaskManagerOptions>>((host, tasks) => host.ShutdownTimeout = tasks.Value.DrainTimeout + TimeSpan.FromSeconds(10));

        // Handlers may block their threads, abandoned ones for good; submits, timers and long-polls must have some left.
        ThreadReserve.AddTo(services);
        return services;
    }

    /// <summary>Lets the pages of the configured origins in; of none by default, when the requests need no look at it.</summary>
    public static IServiceCollection AddConfiguredCors(this IServiceCollection services, IConfiguration configuration)
    {
        string[] origins = Origins(configuration);
        return services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(origins)
            .AllowAnyHeader()
            .AllowAnyMethod()
            .WithExposedHeaders("Location", "ETag", "Link", "Retry-After", "RateLimit", "RateLimit-Policy", "Preference-Applied", "Idempotency-Replayed", "Task-Reused")));
    }

    /// <summary>Answers for the configured origins, if there are any.</summary>
    public static void UseConfiguredCors(this WebApplication app)
    {
        if (Origins(app.Configuration).Length > 0)
        {
            app.UseWhen(AsksForWhatCannotBeNamed, static branch => branch.Run(static context =>
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return Task.CompletedTask;
            }));
            app.UseCors();
        }
    }

    /// <summary>Believes the forwarded headers of the configured proxies, and of nobody else.</summary>
    public static IServiceCollection ConfigureForwardedHeaders(this IServiceCollection services, IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection("ForwardedHeaders");
        string[] proxies = section.GetSection("KnownProxies").Get<string[]>() ?? [];
        string[] networks = section.GetSection("KnownNetworks").Get<string[]>() ?? [];
        return services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = proxies.Length + networks.Length == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.ForwardLimit = null; // as many hops as are known; the first that is not is the client
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (string proxy in proxies)
            {
                options.KnownProxies.Add(IPAddress.TryParse(proxy, out IPAddress? address)
                    ? address
                    : throw Wrong($"ForwardedHeaders:KnownProxies holds \"{proxy}\"; it must be an IP address."));
            }

            foreach (string network in networks)
            {
                options.KnownIPNetworks.Add(System.Net.IPNetwork.TryParse(network, out System.Net.IPNetwork parsed)
                    ? parsed
                    : throw Wrong($"ForwardedHeaders:KnownNetworks holds \"{network}\"; it must be a network such as 10.0.0.0/8."));
            }
        });
    }

    /// <summary>Reads the forwarded headers, if there is a proxy to believe.</summary>
    public static void UseConfiguredForwardedHeaders(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ForwardedHeadersOptions>>().Value.ForwardedHeaders != ForwardedHeaders.None)
        {
            app.UseForwardedHeaders();
        }
    }

    /// <summary>Lets requests become WebSockets; the others are spared a look at it.</summary>
    public static void UseWebSocketsOnRequest(this WebApplication app) => app.UseWhen(
        static context => context.Request.Headers.Upgrade.Count > 0 || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true },
        static branch => branch.UseWebSockets());

    // The answer of CORS names what was asked for, and a header holds ASCII alone.
    private static bool AsksForWhatCannotBeNamed(HttpContext context) =>
        context.Request.Headers.AccessControlRequestHeaders.Concat(context.Request.Headers.AccessControlRequestMethod).Any(asked => asked.AsSpan().ContainsAnyExceptInRange(' ', '~'));

    private static string[] Origins(IConfiguration configuration) => configuration.GetSection("Cors:AllowedOrigins").Get<string[]>() ?? [];

    private static OptionsValidationException Wrong(string message) => new(Options.DefaultName, typeof(ForwardedHeadersOptions), [message]);
}
