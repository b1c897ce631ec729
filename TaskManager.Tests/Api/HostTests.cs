using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Api;

[Trait("Proof", "http")]
public sealed class HostTests : IDisposable
{
    private readonly WebApplicationFactory<Program> _factory = new();

    public void Dispose() => _factory.Dispose();

    [Theory]
    [InlineData("GET", "/nothing", 404, "not-found")]
    [InlineData("GET", "//tasks", 404, "not-found")]
    [InlineData("GET", "/tasks/x/y", 404, "not-found")]
    [InlineData("POST", "/health", 405, "method-not-allowed")]
    [InlineData("PUT", "/tasks", 405, "method-not-allowed")]
    [InlineData("POST", "/api/v1/tasks/stats", 405, "method-not-allowed")]
    public async Task WhatRoutingRefuses_IsAProblem_WhateverIsAccepted(string method, string path, int status, string name)
    {
        foreach (string accept in (string[])["*/*", "text/html", "application/problem+json", "image/png;q=0.1"])
        {
            HttpAnswer answer = await SendAsync(_factory, method, path, ("Accept", accept));
            JsonElement problem = answer.IsProblem(status, name);
            Assert.Equal(path, problem.GetProperty("instance").GetString());
            Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
            Assert.Equal(status == 405, answer.Header("Allow") is not null);
        }
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Health_SaysThatNothingIsDurable(string method)
    {
        HttpAnswer answer = (await SendAsync(_factory, method, "/health")).Is(200);
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal(method == "GET" ? """{"status":"healthy","storage":"memory","durable":false}""" : string.Empty, answer.Text);
        Assert.Equal(method == "GET" ? """{"status":"ready"}""" : string.Empty, (await SendAsync(_factory, method, "/ready")).Is(200).Text);
    }

    [Fact]
    public async Task HealthAndWhatIsNotThere_CountAgainstNoLimit()
    {
        for (int i = 0; i < 30; i++)
        {
            Assert.Null((await SendAsync(_factory, "GET", "/health")).Is(200).Header("RateLimit"));
            (await SendAsync(_factory, "GET", "/ready")).Is(200);
            (await SendAsync(_factory, "GET", "//tasks")).Is(404);
        }

        Assert.Equal("\"default\";r=9;t=60", (await SendAsync(_factory, "GET", "/tasks")).Is(200).Header("RateLimit"));
    }

    [Theory]
    [InlineData("/tasks")]
    [InlineData("/TASKS")]
    [InlineData("/tasks/")]
    [InlineData("/api/v1/tasks")]
    [InlineData("/API/V1/Task-Types/")]
    public async Task Limit_IsOneForRootAndVersion(string spent)
    {
        for (int i = 0; i < 10; i++)
        {
            (await SendAsync(_factory, "GET", spent)).Is(200);
        }

        foreach (string path in (string[])["/tasks", "/TASKS", "/tasks/", "/api/v1/tasks", "/api/v1/tasks/stats", "/task-types", "/api/v1/task-types"])
        {
            HttpAnswer refused = await SendAsync(_factory, "GET", path);
            refused.IsProblem(429, "rate-limited");
            Assert.True(refused.RetryAfter > 0);
        }
    }

    [Theory]
    [InlineData("X-Forwarded-For", "198.51.100.1")]
    [InlineData("Forwarded", "for=198.51.100.1")]
    public async Task ForgedAddress_WithoutConfiguredProxies_ChangesNothing(string header, string value)
    {
        for (int i = 0; i < 10; i++)
        {
            (await SendAsync(_factory, "GET", "/tasks", (header, $"{value}{i}"))).Is(200);
        }

        (await SendAsync(_factory, "GET", "/tasks", (header, value))).Is(429);
    }

    [Fact]
    public async Task ForwardedAddress_FromAConfiguredProxy_IsTheRightmostUnknownHop()
    {
        using WebApplicationFactory<Program> behindProxies = _factory.WithWebHostBuilder(builder => builder
            .UseSetting("ForwardedHeaders:KnownProxies:0", "127.0.0.1")
            .UseSetting("ForwardedHeaders:KnownNetworks:0", "10.0.0.0/8"));
        for (int i = 0; i < 10; i++)
        {
            (await SendAsync(behindProxies, "GET", "/tasks", ("X-Forwarded-For", $"203.0.113.{i}, 198.51.100.1, 10.1.2.3"))).Is(200);
        }

        (await SendAsync(behindProxies, "GET", "/tasks", ("X-Forwarded-For", "198.51.100.1"))).Is(429);
        (await SendAsync(behindProxies, "GET", "/tasks", ("X-Forwarded-For", "198.51.100.1, 198.51.100.2"))).Is(200);
        foreach (string junk in (string[])["unknown", "", ",,,", "not an address", "198.51.100.1:99999999", "\u0000"])
        {
            (await SendAsync(behindProxies, "GET", "/health", ("X-Forwarded-For", junk))).Is(200);
        }
    }

    [Fact]
    public async Task Cors_ByDefault_IsOff()
    {
        HttpAnswer answer = (await SendAsync(_factory, "GET", "/tasks", ("Origin", "https://example.org"))).Is(200);
        Assert.Null(answer.Header("Access-Control-Allow-Origin"));
        (await SendAsync(_factory, "POST", "/tasks", ("Origin", "https://example.org"))).IsProblem(403, "cross-site-request");
    }

    [Fact]
    public async Task Cors_ForAConfiguredOrigin_LetsItsPagesIn()
    {
        using WebApplicationFactory<Program> shared = _factory.WithWebHostBuilder(builder => builder.UseSetting("Cors:AllowedOrigins:0", "https://example.org"));
        HttpAnswer answer = (await SendAsync(shared, "GET", "/tasks", ("Origin", "https://example.org"))).Is(200);
        Assert.Equal("https://example.org", answer.Header("Access-Control-Allow-Origin"));
        Assert.Contains("Retry-After", answer.Header("Access-Control-Expose-Headers")!, StringComparison.Ordinal);
        HttpAnswer preflight = await SendAsync(shared, "OPTIONS", "/tasks", ("Origin", "https://example.org"), ("Access-Control-Request-Method", "POST"));
        Assert.Equal(204, preflight.Status);
        (await SendAsync(shared, "POST", "/tasks", ("Origin", "https://example.org"))).IsProblem(415, "unsupported-media-type");
        (await SendAsync(shared, "POST", "/tasks", ("Origin", "https://evil.example"))).IsProblem(403, "cross-site-request");
    }

    /// <summary>Sends a request from loopback.</summary>
    private static async Task<HttpAnswer> SendAsync(WebApplicationFactory<Program> factory, string method, string path, params (string Name, string Value)[] headers)
    {
        HttpContext answered = await factory.Server.SendAsync(
            context =>
            {
                context.Connection.RemoteIpAddress = IPAddress.Loopback;
                context.Request.Method = method;
                context.Request.Host = new HostString("localhost");
                context.Request.Path = path;
                foreach ((string name, string value) in headers)
                {
                    context.Request.Headers.Append(name, value);
                }
            },
            TestContext.Current.CancellationToken);
        using var body = new MemoryStream();
        if (method != "HEAD")
        {
            await answered.Response.Body.CopyToAsync(body, TestContext.Current.CancellationToken);
        }

        return new HttpAnswer(answered.Response.StatusCode, answered.Response.Headers.Select(header => KeyValuePair.Create(header.Key, (IEnumerable<string>)header.Value!)), body.ToArray());
    }
}
