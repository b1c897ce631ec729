using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace TaskManager.Api.Hosting;

/// <summary>Sends spans, metrics and logs by OTLP, to where OpenTelemetry's own settings say.</summary>
internal static class OpenTelemetryExport
{
    private const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Library = "TaskManager";

    /// <summary>Exports if there is somewhere to export to; the exporter reads all of <c>OTEL_*</c> itself.</summary>
    public static void ExportTelemetry(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration[EndpointKey]))
        {
            return;
        }

        string version = typeof(OpenTelemetryExport).Assembly.GetName().Version!.ToString(fieldCount: 3);
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("taskmanager", serviceVersion: version).AddEnvironmentVariableDetector())
            .WithTracing(traces => traces.AddSource(Library, "Microsoft.AspNetCore").AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddMeter(Library, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime").AddOtlpExporter())
            .WithLogging(logs => logs.AddOtlpExporter());
    }
}
