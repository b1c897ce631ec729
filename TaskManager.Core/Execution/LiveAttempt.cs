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
    private const int Living = 0;
    private const int Ended = 1;
    private const int Abandoned = 2;

    private readonly WorkerPool _pool;
    private readonly AttemptServices _services;
    private readonly TaskDefinition _definition;
    private readonly int _attempt;
    private LifecycleStatus _status; // the newest that this attempt knows of; the store has the truth
    private SlotHold _hold;
    private CancellationTokenSource? _cancellation; // made when the handler first asks for the token
    private IServiceScope? _scope; // made when the handler first asks for a service
    private AttemptLogger? _logger; // made when the handler first asks for it
    private ProgressReports? _progress; // made with the first report
    private TaskCompletionSource? _standing; // completes when the suspended attempt shall move again
    private long _timeoutAt; // apart from the other deadline: each is set by those alone who know it
    private long _abandonAt = long.MaxValue;
    private int _isStopped;
    private int _isShutDown;
    private int _fate;

    public LiveAttempt(WorkerPool pool, AttemptServices services, in TaskRecord record, SlotHold hold)
    {
        _pool = pool;
        _services = services;
        _definition = record.Definition;
        _attempt = record.Status.Attempt;
        _status = record.Status;
        _hold = hold;
        _timeoutAt = record.TimeoutAtTicks();
    }

    /// <summary>Gets the steady time at which something must be done about the attempt; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan Deadline
    {
        get
        {
            TimeSpan deadline = new(Math.Min(Volatile.Read(ref _timeoutAt), Volatile.Read(ref _abandonAt)));
            TimeSpan reportDueAt = Volatile.Read(ref _progress)?.DueAt ?? TimeSpan.MaxValue;
            return reportDueAt < deadline ? reportDueAt : deadline;
        }
    }

    private LifecycleStatus Status => Volatile.Read(ref _status);

    private TaskRecord Record => new(_definition, Status);

    /// <summary>Runs the handler to its end and reports it. Completes when nothing of the attempt is left.</summary>
    public async Task RunAsync()
    {
        using Activity? span = _services.Telemetry.Tracing.Run(_definition, _attempt);
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

    /// <summary>Lets a suspended attempt go on in a slot.</summary>
    /// <returns>The new deadline.</returns>
    public TimeSpan GoOn(in TaskRecord record, SlotHold hold)
    {
        _hold = hold;
        Volatile.Write(ref _timeoutAt, record.TimeoutAtTicks());
        Learn(record.Status);
        _standing!.TrySetResult();
        return Deadline;
    }

    /// <summary>Takes notice of what was asked of the task.</summary>
    public void Obey(in TaskRecord record)
    {
        Learn(record.Status);
        if (record.Status.Attempt == _attempt && record.Status is { State: TaskState.Processing } and ({ CancelRequested: true } or { TimeoutFired: true }))
        {
            Stop(_services.Options.AbandonAfter);
            _standing?.TrySetResult();
        }
    }

    /// <summary>Stops the attempt because the process ends; no deadline follows, since the drain has its own.</summary>
    public void ShutDown()
    {
        Volatile.Write(ref _isShutDown, 1);
        Stop(abandonAfter: TimeSpan.MaxValue);
        _standing?.TrySetResult();
    }

    /// <summary>Does what is due: tells of progress, fires the time-out, or abandons a handler that has ignored its token for too long.</summary>
    public async ValueTask MeetDeadlineAsync(TimeSpan now)
    {
        Volatile.Read(ref _progress)?.Tell(_services.Store.Now, isLast: false);
        if (HasCome(ref _abandonAt, now))
        {
            await AbandonAsync().ConfigureAwait(false);
        }
        else if (HasCome(ref _timeoutAt, now) && Volatile.Read(ref _isStopped) == 0)
        {
            await FireTimeoutAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes a deadline that has come; nobody takes it again.</summary>
    private static bool HasCome(ref long deadline, TimeSpan now)
    {
        long at = Volatile.Read(ref deadline);
        return now.Ticks >= at && Interlocked.CompareExchange(ref deadline, long.MaxValue, at) == at;
    }

    private async ValueTask FireTimeoutAsync()
    {
        TaskMove move = await _services.Transitions.ApplyAsync(Record, LifecycleEvent.TimeoutElapsed(Attempt), CancellationToken.None).ConfigureAwait(false);
        if (move.Outcome == MoveOutcome.Applied)
        {
            Log.TaskTimeoutFired(_services.Log, TaskId, TaskType, Attempt, _definition.Timeout);
            Obey(move.Record);
        }
    }

    private async ValueTask AbandonAsync()
    {
        TaskMove move = await _services.Transitions.ApplyAsync(Record, LifecycleEvent.Abandon(Attempt), CancellationToken.None).ConfigureAwait(false);
        if (move.Outcome != MoveOutcome.Applied)
        {
            return;
        }

        _services.Telemetry.Metrics.AttemptEnded(move.Record);
        if (Interlocked.CompareExchange(ref _fate, Abandoned, Living) != Living)
        {
            return; // the handler has ended after all, and its slot comes free without this
        }

        Learn(move.Record.Status);
        Log.TaskAbandoned(_services.Log, TaskId, TaskType, Attempt, _services.Options.AbandonAfter);
        _pool.Abandon(this, _hold);
    }

    /// <summary>Gives the slot away and stands still until the task is resumed or shall stop.</summary>
    private async Task StandAsync()
    {
        SlotHold hold = _hold;
        _standing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously); // completed by whoever resumes or cancels
        if (!_pool.Parked.TryAdd(this))
        {
            return; // as many stand still as may: this one goes on, and stays asked to pause
        }

        Volatile.Read(ref _progress)?.Tell(_services.Store.Now, isLast: true);
        long timeoutAt = Interlocked.Exchange(ref _timeoutAt, long.MaxValue); // the run clock stands still; whoever lets the attempt go on winds it anew

        // Parked before it is seen to be suspended, so that whoever resumes or cancels it from then on finds it.
        TaskMove move = await _services.Transitions.ApplyAsync(Record, LifecycleEvent.CheckpointReached(Attempt), CancellationToken.None).ConfigureAwait(false);
        if (move.Outcome == MoveOutcome.Applied)
        {
            _pool.GiveAway(this, hold);
            await _standing.Task.ConfigureAwait(false);
        }
        else
        {
            Learn(move.Record.Status);
            _pool.Parked.Remove(this);
            Volatile.Write(ref _timeoutAt, timeoutAt);
            _pool.Alarm.NoLaterThan(new TimeSpan(timeoutAt));
        }

        ThrowIfStopped();
    }

    private void ThrowIfStopped()
    {
        if (Volatile.Read(ref _isStopped) == 1)
        {
            CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private void Stop(TimeSpan abandonAfter)
    {
        if (Interlocked.Exchange(ref _isStopped, 1) == 1)
        {
            return;
        }

        TimeSpan now = _services.Store.Now.Elapsed;
        TimeSpan deadline = abandonAfter == TimeSpan.MaxValue ? TimeSpan.MaxValue : now + abandonAfter;
        Volatile.Write(ref _abandonAt, deadline.Ticks);
        _pool.Alarm.NoLaterThan(deadline);
        if (Volatile.Read(ref _cancellation) is { } cancellation)
        {
            // The handler's callbacks run on the thread pool: they may block or throw, and the caller must not bear it.
            SideWork.Watch(cancellation.CancelAsync(), this, _services.Log);
        }
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
        SlotHold hold = _hold;
        if (Volatile.Read(ref _fate) == Living)
        {
            Volatile.Read(ref _progress)?.Tell(_services.Store.Now, isLast: true);
            LifecycleEvent ended = AttemptReport.Of(Record, result, thrown, IsStopped(thrown), _isShutDown == 1, _services.Options);
            TaskMove move = await _services.Transitions.ApplyAsync(Record, ended, CancellationToken.None).ConfigureAwait(false);
            AttemptLog.Ended(_services, move, thrown);
            if (move.Outcome == MoveOutcome.Applied)
            {
                _services.Telemetry.Metrics.AttemptEnded(move.Record);
                TaskTracing.Ended(span, move.Record);
            }
        }
        else
        {
            TaskTracing.Ended(span, Record); // as it stood when the attempt was given up
        }

        await DisposeScopeAsync().ConfigureAwait(false);
        _pool.Ended(this, hold, wasAbandoned: Interlocked.CompareExchange(ref _fate, Ended, Living) == Abandoned);
        hold.End();
    }

    private bool IsStopped(Exception? thrown) => thrown is OperationCanceledException && Volatile.Read(ref _isStopped) == 1;

    private async ValueTask DisposeScopeAsync()
    {
        if (_scope is not { } scope)
        {
            return;
        }

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
