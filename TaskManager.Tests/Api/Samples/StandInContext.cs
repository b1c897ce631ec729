using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TaskManager.Tests.Api.Samples;

/// <summary>An attempt without a manager, as one gives it to a handler under test.</summary>
internal sealed class StandInContext(TimeProvider clock, CancellationToken cancellationToken = default) : TaskContext
{
    private readonly long _started = clock.GetTimestamp();

    public List<(TimeSpan At, double Step, double Total)> Reports { get; } = [];

    public int Checkpoints { get; private set; }

    /// <summary>Gets or sets what the next checkpoint stands still for.</summary>
    public Task? Hold { get; set; }

    public override Guid TaskId { get; } = Guid.NewGuid();

    public override string TaskType => "stand_in";

    public override int Attempt => 1;

    public override CancellationToken CancellationToken => cancellationToken;

    public override IServiceProvider Services => throw new NotSupportedException();

    public override TimeProvider Clock => clock;

    public override ILogger Logger => NullLogger.Instance;

    public override IReadOnlyList<Guid> DependsOn => [];

    public override ValueTask<TResult> ResultOfAsync<TResult>(Guid taskId) => throw new NotSupportedException();

    public override ValueTask CheckpointAsync()
    {
        Checkpoints++;
        return Hold is { } hold ? new ValueTask(hold) : default;
    }

    public override void ReportProgress(double step, double total = 0, string? message = null) => Reports.Add((clock.GetElapsedTime(_started), step, total));
}
