using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using TaskManager.Diagnostics;

namespace TaskManager.Execution;

/// <summary>
/// One attempt of one task, from the claim until the handler has really ended: it enters the handler, carries requests to it, and reports how it ended. It is also the context that
/// the handler sees.
/// </summary>
internal sealed partial class LiveAttempt : TaskContext
{
    private readonly WorkerPool _pool;
    private readonly AttemptServices _services;
    private readonly TaskDefinition _definition;
    private readonly int _attempt;
    private LifecycleStatus _status; // the newest that this attempt knows of; the store has the truth
    private Place _place; // changed by TryMoveTo alone
    private CancellationTokenSource? _cancellation; // made when the handler first asks for the token
    private IServiceScope? _scope; // made when the handler first asks for a service
    private AttemptLogger? _logger; // made when the handler first asks for it
    private ProgressReports? _progress; // made with the first report
    private TaskCompletionSource? _standing; // made when a flow stands at a checkpoint; completes when all that stand there shall move again
    private long _timeoutAt; // apart from the other deadline: each is set by those alone who know it
    private long _abandonAt = long.MaxValue;
    private int _isStopped;
    private int _isShutDown;
    private int _isDisposing;

    public LiveAttempt(WorkerPool pool, AttemptServices services, in TaskRecord record, SlotHold hold)
    {
        _pool = pool;
        _services = services;
        _definition = record.Definition;
        _attempt = record.Status.Attempt;
        _status = record.Status;
        _place = hold;
        _timeoutAt = record.TimeoutAtTicks();
    }

    private LifecycleStatus Status => Volatile.Read(ref _status);

    private TaskRecord Record => new(_definition, Status);

    /// <summary>Moves the attempt to another place, if it may go there from where it is.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="only">The only place that it may come from; <see langword="null"/> for any.</param>
    public bool TryMoveTo(Place to, Place? only = null) => _pool.TryMove(this, ref _place, to, only);

    /// <summary>Runs the handler to its end and reports it. Completes when nothing of the attempt is left.</summary>
    public async Task RunAsync()
    {
        Activity? span = _services.Telemetry.Tracing.Run(_definition, _attempt);
        object? result = null;
        Exception? thrown = null;
        try
        {
            object? parameters = _definition.Parameters is JsonPayload payload ? payload.Value : _definition.Parameters;
            result = await _definition.Type.Invoker!.InvokeAsync(parameters, this).ConfigureAwait(false);
        }
        catch (Exception error) // a handler may throw anything; the pool must outlive it
        {
            thrown = error;
        }

        await EndAsync(result, thrown, span).ConfigureAwait(false);
    }

    /// <summary>Takes notice of what was asked of the task.</summary>
    public void Obey(in TaskRecord record)
    {
        Learn(record.Status);
        if (record.Status.Attempt == _attempt && record.Status is { State: TaskState.Processing } and ({ CancelRequested: true } or { TimeoutFired: true }))
        {
            if (TryStop())
            {
                AbandonAfter(_services.Options.AbandonAfter);
            }

            Volatile.Read(ref _standing)?.TrySetResult();
        }
    }

    /// <summary>Stops the attempt because the process ends; no deadline follows, since the drain has its own.</summary>
    public void ShutDown()
    {
        Volatile.Write(ref _isShutDown, 1);
        TryStop();
        Volatile.Read(ref _standing)?.TrySetResult();
    }

    private void ThrowIfStopped()
    {
        if (Volatile.Read(ref _isStopped) == 1)
        {
            throw new OperationCanceledException(CancellationToken); // the token itself may be a moment late
        }
    }

    /// <summary>Fires the token.</summary>
    /// <returns><see langword="false"/> when that was done before.</returns>
    private bool TryStop()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) == 1)
        {
            return false;
        }

        if (Volatile.Read(ref _cancellation) is { } cancellation)
        {
            // The handler's callbacks run on the thread pool: they may block or throw, and the caller must not bear it.
            SideWork.Watch(cancellation.CancelAsync(), this, _services.Log);
        }

        return true;
    }

    /// <summary>Keeps the newer of two statuses, if it is still about this attempt.</summary>
    private void Learn(LifecycleStatus status)
    {
        LifecycleStatus known = Status;
        while (status.Attempt == _attempt && status.Version > known.Version)
        {
            LifecycleStatus seen = Interlocked.CompareExchange(ref _status, status, known);
            if (ReferenceEquals(seen, known))
            {
                return;
            }

            known = seen;
        }
    }

    private async ValueTask EndAsync(object? result, Exception? thrown, Activity? span)
    {
        try
        {
            if (Volatile.Read(ref _place) == Place.Abandoned)
            {
                TaskTracing.Ended(span, Record); // as it stood when the attempt was given up
            }
            else
            {
                await ReportAsync(result, thrown, span).ConfigureAwait(false);
            }

            await DisposeScopeAsync().ConfigureAwait(false);
        }
        catch (Exception error) // whatever it is, the slot must come free
        {
            Log.EndFailed(_services.Log, error, TaskId, TaskType, Attempt);
        }
        finally
        {
            TaskTracing.Stop(span); // before the slot comes free: a process that drains would end without it
            TryMoveTo(Place.Over);
            Volatile.Read(ref _standing)?.TrySetCanceled(); // a flow that nobody waited for
        }
    }

    private async ValueTask ReportAsync(object? result, Exception? thrown, Activity? span)
    {
        Volatile.Read(ref _progress)?.Tell(_services.Store.Now, isLast: true);
        TaskMove move = await ApplyAsync(Describe(result, thrown)).ConfigureAwait(false);
        AttemptLog.Ended(_services, move, thrown);
        if (move.Outcome == MoveOutcome.Applied)
        {
            _services.Telemetry.Metrics.AttemptEnded(move.Record);
            TaskTracing.Ended(span, move.Record);
        }
    }

    private LifecycleEvent Describe(object? result, Exception? thrown)
    {
        try
        {
            bool isStopped = thrown is OperationCanceledException && Volatile.Read(ref _isStopped) == 1;
            return AttemptReport.Of(Record, result, thrown, isStopped, _isShutDown == 1, _services.Options);
        }
        catch (Exception error) // the handler's own types take part
        {
            Log.EndFailed(_services.Log, error, TaskId, TaskType, Attempt);
            return LifecycleEvent.Fail(_attempt, error: null, retryDelay: null);
        }
    }

    private ValueTask<TaskMove> ApplyAsync(in LifecycleEvent change) => _services.Retry.AskAsync(
        (Attempt: this, Change: change),
        static asked => asked.Attempt._services.Transitions.ApplyAsync(asked.Attempt.Record, asked.Change, CancellationToken.None));

    private async ValueTask DisposeScopeAsync()
    {
        if (Volatile.Read(ref _scope) is not { } scope)
        {
            return;
        }

        Volatile.Write(ref _isDisposing, 1);
        AbandonAfter(_services.Options.AbandonAfter);
        try
        {
            await new AsyncServiceScope(scope).DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception error) // the user's services may throw anything; the slot must come free
        {
            Log.ScopeFailed(_services.Log, error, TaskId, TaskType, Attempt);
        }
    }
}
