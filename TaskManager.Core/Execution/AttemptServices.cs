using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TaskManager.Execution;

/// <summary>What every attempt needs of the process it runs in.</summary>
internal sealed record AttemptServices(
    ITaskStore Store,
    Transitions Transitions,
    TaskManagerOptions Options,
    TimeProvider Clock,
    IServiceScopeFactory Scopes,
    ILogger Log);
