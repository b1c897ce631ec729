using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TaskManager.AspNetCore;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class MappingTests
{
    [Theory]
    [InlineData("/api/v1")]
    [InlineData("/api/v1/")]
    [InlineData("api/v1")]
    public async Task Map_WithAPrefix_ServesUnderItAlone(string prefix)
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Map = host => host.MapTaskManager(prefix) });
        HttpAnswer accepted = (await app.PostAsync("/api/v1/tasks", """{"task_type":"gate"}""")).Is(202);
        Assert.Equal($"/api/v1/tasks/{accepted.Id}", accepted.Header("Location"));
        (await app.GetAsync(accepted.Header("Location")!)).Is(200);
        (await app.GetAsync("/api/v1/task-types")).Is(200);
        (await app.GetAsync("/tasks")).Is(404);
        (await app.GetAsync("/task-types")).Is(404);
    }

    [Fact]
    public async Task Map_UnderAPathBase_LocationAndLinkContainIt()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup
        {
            Map = host =>
            {
                host.UsePathBase("/base é");
                host.UseRouting();
                host.MapTaskManager();
            },
        });
        HttpAnswer accepted = (await app.PostAsync("/base%20%C3%A9/tasks", """{"task_type":"gate"}""")).Is(202);
        Assert.Equal($"/base%20%C3%A9/tasks/{accepted.Id}", accepted.Header("Location"));
        await app.SubmitAsync("gate");
        Assert.StartsWith("</base%20%C3%A9/tasks?limit=1&cursor=", (await app.GetAsync("/base%20%C3%A9/tasks?limit=1")).Header("Link"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_WithAuthorization_HoldsForEveryEndpoint()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup
        {
            Build = AddAuthorization,
            Map = host => host.MapTaskManager().RequireAuthorization("operators"),
        });
        string[] routes =
        [
            "GET /tasks", "HEAD /tasks", "POST /tasks", "POST /tasks/batch", "GET /tasks/stats", "GET /tasks/x", "GET /tasks/x/status", "GET /tasks/x/result", "PATCH /tasks/x/status",
            "POST /tasks/x/cancel", "POST /tasks/x/pause", "POST /tasks/x/resume", "POST /tasks/x/retry", "DELETE /tasks/x", "GET /task-types", "GET /task-types/add",
            "GET /tasks/events", "GET /tasks/x/events", "GET /tasks/x/logs", "GET /tasks/ws",
        ];
        foreach (string[] route in routes.Select(route => route.Split(' ')))
        {
            (await app.SendRawAsync(route[0], route[1])).Is(401);
            (await app.SendRawAsync(route[0], route[1], from: null, ("X-Role", "guest"))).Is(403);
        }

        Assert.Equal(0, (await app.GetAsync("/tasks/stats", ("X-Role", "operator"))).Is(200).Member("accepted").GetInt64());
        (await app.PostAsync("/tasks", """{"task_type":"gate"}""", ("X-Role", "operator"))).Is(202);
    }

    [Fact]
    public async Task Map_Conventions_ReachEveryEndpoint()
    {
        var seen = new List<string>();
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Map = host => host.MapTaskManager().Add(endpoint => seen.Add(endpoint.DisplayName ?? string.Empty)) });
        await app.GetAsync("/tasks");
        Assert.Equal(19, seen.Count);
    }

    [Fact]
    public async Task Map_WithoutAddTaskManager_SaysWhatIsMissing()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddRouting();
        await using WebApplication host = builder.Build();
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => host.MapTaskManager());
        Assert.Contains("AddTaskManager()", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_NullArguments_AreRefused()
    {
        Assert.Throws<ArgumentNullException>("endpoints", () => TaskManagerEndpoints.MapTaskManager(null!));
        await using HttpApp app = await HttpApp.StartAsync();
        Assert.Throws<ArgumentNullException>("prefix", () => app.Host.MapTaskManager(null!));
    }

    [Theory]
    [InlineData("workers", "GET /workers", "POST /workers/register", "DELETE /workers/x", "POST /workers/x/claim", "POST /workers/x/heartbeat", "POST /tasks/x/complete", "POST /tasks/x/fail",
        "POST /tasks/x/release", "POST /tasks/x/progress", "POST /tasks/x/logs")]
    [InlineData("pool", "GET /workers/internal/status", "POST /workers/internal/scale", "POST /workers/internal/stop", "POST /workers/internal/start")]
    [InlineData("metrics", "GET /metrics", "HEAD /metrics")]
    public async Task MapOfAPart_WithAuthorization_HoldsForEveryEndpointOfIt(string part, params string[] routes)
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup
        {
            Build = AddAuthorization,
            Map = host =>
            {
                host.MapTaskManager();
                IEndpointConventionBuilder mapped = part switch
                {
                    "workers" => host.MapTaskManagerWorkers(),
                    "pool" => host.MapTaskManagerPool(),
                    _ => host.MapTaskManagerMetrics(),
                };
                mapped.RequireAuthorization("operators");
            },
        });
        foreach (string[] route in routes.Select(route => route.Split(' ')))
        {
            (await app.SendRawAsync(route[0], route[1])).Is(401);
            (await app.SendRawAsync(route[0], route[1], from: null, ("X-Role", "guest"))).Is(403);
            Assert.DoesNotContain((await app.SendRawAsync(route[0], route[1], from: null, ("X-Role", "operator"))).Status, (int[])[401, 403]);
        }

        (await app.GetAsync("/tasks/stats")).Is(200);
    }

    [Theory]
    [InlineData("PermitLimit", 0, 60, 1, "RateLimit:PermitLimit is 0; it must be from 1 to 1000000.")]
    [InlineData("PermitLimit", 1_000_001, 60, 1, "RateLimit:PermitLimit is 1000001; it must be from 1 to 1000000.")]
    [InlineData("Window", 1, 0.5, 1, "RateLimit:Window is 00:00:00.5000000; it must be from 00:00:01 to 1.00:00:00.")]
    [InlineData("Window", 1, 86_401, 1, "RateLimit:Window is 1.00:00:01; it must be from 00:00:01 to 1.00:00:00.")]
    [InlineData("MaxClients", 1, 60, -5, "RateLimit:MaxClients is -5; it must be from 1 to 10000000.")]
    [InlineData("MaxClients", 1, 60, 10_000_001, "RateLimit:MaxClients is 10000001; it must be from 1 to 10000000.")]
    public async Task Map_WrongRateLimit_NamesKeyValueAndRange(string key, int permits, double seconds, int clients, string message)
    {
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => HttpApp.StartAsync(new HttpAppSetup
        {
            RateLimit = limit => (limit.PermitLimit, limit.Window, limit.MaxClients) = (permits, TimeSpan.FromSeconds(seconds), clients),
        }));
        Assert.Equal(message, error.Message);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_SeveralWrongRateLimits_AreNamedTogether()
    {
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => HttpApp.StartAsync(new HttpAppSetup
        {
            RateLimit = limit => (limit.PermitLimit, limit.Window, limit.MaxClients) = (0, TimeSpan.Zero, 0),
        }));
        Assert.Equal(3, error.Failures.Count());
    }

    [Theory]
    [InlineData("example.org")]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("https://example.org/path")]
    [InlineData("ftp://example.org")]
    public async Task Map_WrongAllowedOrigin_NamesIt(string origin)
    {
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => HttpApp.StartAsync(new HttpAppSetup
        {
            Build = builder => builder.Services.Configure<TaskManagerHttpOptions>(http => http.AllowedOrigins.Add(origin)),
        }));
        Assert.Equal($"Cors:AllowedOrigins holds \"{origin}\"; it must be an origin such as https://example.org.", error.Message);
    }

    private static void AddAuthorization(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, TestScheme>("test", _ => { });
        builder.Services.AddAuthorizationBuilder().AddPolicy("operators", policy => policy.RequireRole("operator"));
    }

    private sealed class TestScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers["X-Role"] is [{ } role]
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Role, role)], Scheme.Name)), Scheme.Name))
            : AuthenticateResult.NoResult());
    }
}
