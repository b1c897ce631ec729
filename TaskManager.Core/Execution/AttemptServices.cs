using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TaskManager.Diagnostics;
using TaskManager.Signals;

namespace TaskManager.Execution;

/// <summary>What every attempt needs of the process it runs in.</summary>
internal sealed record AttemptServices(
    ITaskStore Store,
    Transitions Transitions,
    TaskManagerOptions Options,
    TimeProvider Clock,
    IServiceScopeFactory Scopes,
    ILogger Log,
    ILoggerFactory Loggers,
    EventLog Events,
    Telemetry Telemetry)
{
    public StoreRetry Retry { get; } = new(Clock, Log);
}
