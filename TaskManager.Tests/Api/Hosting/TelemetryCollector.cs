using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace TaskManager.Tests.Api.Hosting;

/// <summary>Takes telemetry in by OTLP over HTTP, as a collector of OpenTelemetry does, and keeps it.</summary>
internal sealed class TelemetryCollector : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _requests = new();

    private TelemetryCollector()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        _server = builder.Build();
        _server.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _requests.Enqueue(($"{context.Request.Method} {context.Request.Path} {context.Request.ContentType}", body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        });
    }

    public string Address => _server.Urls.Single();

    public IReadOnlyList<string> Requests => [.. _requests.Select(request => request.Path)];

    public static async Task<TelemetryCollector> StartAsync()
    {
        var collector = new TelemetryCollector();
        await collector._server.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    /// <summary>Finds every value at a path of field numbers, in all that was sent of one signal: <c>traces</c>, <c>metrics</c> or <c>logs</c>.</summary>
    public IReadOnlyList<byte[]> Values(string signal, params int[] path) =>
        [.. _requests.Where(request => request.Path == $"POST /v1/{signal} application/x-protobuf").SelectMany(request => Protobuf.At(request.Body, path))];

    public IReadOnlyList<string> Texts(string signal, params int[] path) => [.. Values(signal, path).Select(Encoding.UTF8.GetString)];

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();
}
