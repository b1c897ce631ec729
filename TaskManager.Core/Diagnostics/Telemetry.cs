using System.Diagnostics.Metrics;

namespace TaskManager.Diagnostics;

/// <summary>What the stations tell of their work: metrics, and spans.</summary>
internal sealed class Telemetry(IMeterFactory? meters, TypeTallies tallies, Func<ValueTask<TaskStatistics>> statistics) : IDisposable
{
    public TaskManagerMetrics Metrics { get; } = new(meters, tallies, statistics);

    public TaskTracing Tracing { get; } = new();

    public void Dispose()
    {
        Metrics.Dispose();
        Tracing.Dispose();
    }
}
