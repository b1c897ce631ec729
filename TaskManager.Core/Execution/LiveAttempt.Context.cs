using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TaskManager.Execution;

/// <content>What the handler sees. What it may never ask for is made when it first does.</content>
internal sealed partial class LiveAttempt
{
    public override Guid TaskId => _definition.Id;

    public override string TaskType => _definition.Type.Name;

    public override int Attempt => _attempt;

    public override TimeProvider Clock => _services.Clock;

    public override IReadOnlyList<Guid> DependsOn => _definition.Options.DependsOn;

    public override ILogger Logger
    {
        get
        {
            if (Volatile.Read(ref _logger) is { } known)
            {
                return known;
            }

            ILogger host = _services.Loggers.CreateLogger($"TaskManager.Tasks.{TaskType}");
            var made = new AttemptLogger(_definition, _attempt, host, _services.Store, _services.Events);
            return Interlocked.CompareExchange(ref _logger, made, null) ?? made;
        }
    }

    public override IServiceProvider Services
    {
        get
        {
            if (Volatile.Read(ref _scope) is { } known)
            {
                return known.ServiceProvider;
            }

            IServiceScope made = _services.Scopes.CreateScope();
            if (Interlocked.CompareExchange(ref _scope, made, null) is { } other)
            {
                made.Dispose(); // two threads of one handler asked at once
                return other.ServiceProvider;
            }

            return made.ServiceProvider;
        }
    }

    public override CancellationToken CancellationToken
    {
        get
        {
            if (Volatile.Read(ref _cancellation) is { } known)
            {
                return known.Token;
            }

            var made = new CancellationTokenSource();
            CancellationTokenSource cancellation = Interlocked.CompareExchange(ref _cancellation, made, null) ?? made;
            if (Volatile.Read(ref _isStopped) == 1)
            {
                cancellation.Cancel(); // whoever stopped the attempt found no source to cancel
            }

            return cancellation.Token;
        }
    }

    public override void ReportProgress(double step, double total = 0, string? message = null)
    {
        ThrowIfNoCount(step, nameof(step));
        ThrowIfNoCount(total, nameof(total));
        var progress = new TaskProgress(step, total, message is null ? null : BoundedText.Of(message));
        ValueTask<bool> reporting = _services.Store.ReportProgressAsync(TaskId, Attempt, progress, CancellationToken.None);
        if (!reporting.IsCompletedSuccessfully)
        {
            SideWork.Watch(reporting.AsTask(), this, _services.Log);
        }
        else if (reporting.Result)
        {
            TimeSpan toldAt = Reports().Report(progress, _services.Store.Now);
            if (toldAt > TimeSpan.MinValue)
            {
                _pool.Alarm.NoLaterThan(toldAt);
            }
        }
    }

    public override async ValueTask<TResult> ResultOfAsync<TResult>(Guid taskId) =>
        ResultValue.OfCompleted<TResult>(taskId, await _services.Store.FindAsync(taskId, CancellationToken).ConfigureAwait(false));

    private ProgressReports Reports()
    {
        if (Volatile.Read(ref _progress) is { } known)
        {
            return known;
        }

        var made = new ProgressReports(_definition, _services.Events);
        return Interlocked.CompareExchange(ref _progress, made, null) ?? made;
    }

    private static void ThrowIfNoCount(double value, string name)
    {
        if (!double.IsFinite(value) || value < 0)
        {
            throw new ArgumentOutOfRangeException(name, value, "It must be finite and at least 0.");
        }
    }
}
