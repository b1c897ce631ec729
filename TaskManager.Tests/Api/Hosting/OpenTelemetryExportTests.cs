using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using TaskManager.Api.Hosting;
using static TaskManager.Tests.AspNetCore.WorkerApp;

namespace TaskManager.Tests.Api.Hosting;

[Trait("Proof", "http")]
[Collection(RealProcesses.Name)]
public sealed class OpenTelemetryExportTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string TraceParent = $"00-{TraceId}-b7ad6b7169203331-01";

    [Fact]
    public async Task Endpoint_Given_TracesMetricsAndLogsArriveThere()
    {
        await using TelemetryCollector collector = await TelemetryCollector.StartAsync();
        await using HostProcess host = await HostProcess.StartAsync(
            [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=proof")]);
        (await host.SendAsync(HttpMethod.Post, "/tasks", """{"task_type":"add","parameters":{"a":1,"b":2}}""", ("traceparent", TraceParent), ("Prefer", "wait=60"))).Is(200);
        (await host.SendAsync(HttpMethod.Post, "/tasks", """{"task_type":"simulate_failure","parameters":{"processing_time":0}}""", ("Prefer", "wait=60"))).Is(200);
        await host.TerminateAsync(); // whatever has not been sent is sent at the end
        Assert.Equal(0, await host.ExitAsync());

        Assert.All(collector.Requests, request => Assert.Contains(request, (string[])["POST /v1/traces application/x-protobuf", "POST /v1/metrics application/x-protobuf", "POST /v1/logs application/x-protobuf"]));
        AssertSpans(collector);
        AssertMetrics(collector);
        IReadOnlyList<string> lines = collector.Texts("logs", 1, 2, 2, 5, 1); // as templates, with their values as attributes
        Assert.Contains("Task manager started with {Slots} slots", lines);
        Assert.Contains(lines, line => line.StartsWith("Task manager stopped; lost:", StringComparison.Ordinal));
        Assert.Contains("Slots", collector.Texts("logs", 1, 2, 2, 6, 1));
        foreach (string signal in (string[])["traces", "metrics", "logs"])
        {
            IReadOnlyList<string> resource = collector.Texts(signal, 1, 1, 1, 2, 1); // the values of the attributes of the resource
            Assert.Contains("taskmanager", resource);
            Assert.Contains("proof", resource);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Endpoint_NotGiven_NothingIsExported(string? endpoint) => Assert.DoesNotContain(ServicesOf(endpoint), name => name.StartsWith("OpenTelemetry.", StringComparison.Ordinal));

    [Fact]
    public void Endpoint_GivenInAnyConfiguration_IsExportedTo() => Assert.Contains(ServicesOf("http://127.0.0.1:4318"), name => name.StartsWith("OpenTelemetry.", StringComparison.Ordinal));

    [Fact]
    public async Task TraceParent_OfASubmission_ReachesTheWorkerWithoutAnyExport()
    {
        await using HostProcess host = await HostProcess.StartAsync();
        HttpWorker worker = await HttpWorker.RegisterAsync(host, "worker-1-traced", "traced");
        (await host.SendAsync(HttpMethod.Post, "/tasks", """{"task_type":"traced"}""", ("traceparent", TraceParent))).Is(202);
        (await host.SendAsync(HttpMethod.Post, "/tasks/batch", """[{"task_type":"traced"}]""", ("traceparent", TraceParent))).Is(200);
        (await host.PostAsync("/tasks", """{"task_type":"traced"}""")).Is(202);
        IReadOnlyList<Claimed> tasks = await worker.ClaimAsync(max: 3);
        Assert.All(tasks.Take(2), task => Assert.Matches($"^00-{TraceId}-[0-9a-f]{{16}}-01$", task.Json.GetProperty("traceparent").GetString()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, tasks[2].Json.GetProperty("traceparent").ValueKind);
    }

    private static IEnumerable<string> ServicesOf(string? endpoint)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)]);
        builder.ExportTelemetry();
        return builder.Services.Select(service => service.ServiceType.FullName!);
    }

    /// <summary>The request is the parent of the submission, and the submission is linked to the attempt.</summary>
    private static void AssertSpans(TelemetryCollector collector)
    {
        byte[][] spans = [.. collector.Values("traces", 1, 2, 2)];
        byte[] submission = Assert.Single(spans, span => NameOf(span) == "submit add");
        byte[] attempt = Assert.Single(spans, span => NameOf(span) == "run add");
        Assert.Equal(TraceId, Hex(submission, 1));
        byte[] request = Assert.Single(spans, span => Hex(span, 2) == Hex(submission, 4));
        Assert.Equal((TraceId, "b7ad6b7169203331"), (Hex(request, 1), Hex(request, 4)));
        byte[] link = Assert.Single(Protobuf.At(attempt, 13));
        Assert.Equal((TraceId, Hex(submission, 2)), (Hex(link, 1), Hex(link, 2)));
        byte[] failed = Assert.Single(spans, span => NameOf(span) == "run simulate_failure");
        Assert.NotEmpty(Protobuf.At(failed, 15, 2)); // the message of its status
        Assert.Empty(Protobuf.At(attempt, 15, 2));
    }

    private static void AssertMetrics(TelemetryCollector collector)
    {
        IReadOnlyList<string> names = collector.Texts("metrics", 1, 2, 2, 1);
        Assert.Contains("taskmanager.attempt.duration", names);
        Assert.Contains("taskmanager.tasks", names);
        Assert.Contains("http.server.request.duration", names);
        byte[] duration = collector.Values("metrics", 1, 2, 2).First(metric => System.Text.Encoding.UTF8.GetString(Protobuf.At(metric, 1).Single()) == "taskmanager.attempt.duration");
        Assert.Equal("s", System.Text.Encoding.UTF8.GetString(Assert.Single(Protobuf.At(duration, 3))));
    }

    private static string NameOf(byte[] span) => System.Text.Encoding.UTF8.GetString(Protobuf.At(span, 5).Single());

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Protobuf.At(message, field).SingleOrDefault() ?? []);
}
