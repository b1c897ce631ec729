using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TaskManager.Admission;
using TaskManager.Diagnostics;
using TaskManager.Execution;
using TaskManager.Retention;
using TaskManager.Signals;
using TaskManager.Workers;

namespace TaskManager.Engine;

/// <summary>
/// The table of contents: Submit → Admission → Store → Queue → Worker pool → Handler → Transition → Signal → Poll. The only type that knows every station; each
/// member hands over to the one that does the work.
/// </summary>
internal sealed class TaskEngine : ITaskManager, IAsyncDisposable
{
    private readonly ITaskStore _store;
    private readonly Submitter _submitter;
    private readonly Transitions _transitions;
    private readonly RoomHint _room = new();
    private readonly TaskWaiter _waiter;
    private readonly TaskWatcher _watcher;
    private readonly Alarm _alarm;
    private readonly WorkerPool _pool;
    private readonly TaskWorkers _workers;
    private readonly Sweeper _sweeper;
    private readonly ChangeFeed _changes;
    private readonly CancellationTokenSource _begun = new(); // the shutdown
    private readonly Shutdown _shutdown;
    private readonly Explanation _explanation;
    private readonly StatisticsReader _statistics;
    private readonly Telemetry _telemetry;
    private readonly ILogger _log;
    private int _isStarted;

    public TaskEngine(
        ITaskStore store, TaskTypeRegistry types, TaskManagerOptions options, TimeProvider clock, IServiceScopeFactory scopes, ILoggerFactory loggers, IMeterFactory? meters)
    {
        _store = store;
        Stopping = _begun.Token;
        _log = new HostLog(loggers.CreateLogger("TaskManager"));
        Types = types;
        _transitions = new Transitions(store);
        var tallies = new TypeTallies(options.MaxTaskTypes);
        // Asked by a listener before all this is made, it has none yet.
        _telemetry = new Telemetry(meters, tallies, () => _statistics?.ReadAsync(CancellationToken.None) ?? default);
        var signals = new TaskSignals(options.MaxWaiters);
        _waiter = new TaskWaiter(store, signals, clock);
        var events = new EventLog(options.MaxEvents);
        _watcher = new TaskWatcher(store, events, options.MaxSubscribers);
        _alarm = DetachedWork.Make(() => new Alarm(() => store.Now.Elapsed, clock, () => _ = DueWork!.DoAsync().AsTask()));
        _pool = new WorkerPool(new AttemptServices(store, _transitions, options, clock, scopes, _log, loggers, events, _telemetry), types.OfPool, _alarm);
        var directory = new WorkerDirectory(options, signals.Waiters);
        var leases = new HeldLeases(directory, store, _transitions, events, _alarm, options, _telemetry.Metrics, _log);
        var claims = new ClaimWaiters();
        var reports = new Reports(directory, leases, store, _transitions, events, _telemetry.Metrics, _log);
        _workers = new TaskWorkers(
            new Registrations(directory, store, _transitions, types, options, _telemetry.Metrics, _log),
            new Claims(directory, claims, store, _transitions, _telemetry.Metrics, clock, _begun.Token),
            new Heartbeats(directory, leases, reports, store, _transitions, clock, _begun.Token),
            reports,
            Start);
        DueWork = new DueWork(store, _pool, directory, leases, claims, _room, _alarm, _log);
        _changes = new ChangeFeed(store, signals, events, _room, _pool, leases, claims, tallies);
        _submitter = new Submitter(store, new SubmissionValidator(types, options), _room, _telemetry, _begun.Token);
        _sweeper = DetachedWork.Make(() => new Sweeper(store, clock, DueWork.DoAsync, _log));
        _shutdown = new Shutdown(_begun, store, _submitter, _transitions, _pool, leases, _changes, options, clock, _log);
        _explanation = new Explanation(store, _pool, directory);
        _statistics = new StatisticsReader(store, _changes, _pool, directory, types, signals, events, leases, reports, options);
    }

    public TaskTypeRegistry Types { get; }

    public ClockReading Now => _store.Now;

    public ITaskPool Pool => _pool;

    public ITaskWorkers Workers => _workers;

    /// <summary>Gets what is done once a second and on the alarm; a test may do it by hand.</summary>
    public DueWork DueWork { get; }

    public CancellationToken Stopping { get; } // of its own, since its source is gone once this is disposed

    public TaskManagerReadiness Readiness => _begun.IsCancellationRequested ? Unready.Stopping
        : _pool.IsAtMaxAbandoned ? Unready.TooManyAbandoned
        : DueWork.HasFailed || _sweeper.HasFailed ? Unready.StoreUnavailable
        : Unready.Not;

    /// <summary>Begins to run tasks. Safe to call again; the first submission does it too, for an application without a host.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _isStarted, 1) == 0 && !_begun.IsCancellationRequested)
        {
            _pool.Begin();
            _sweeper.Start();
            Log.Started(_log, _pool.Status.Slots);
        }
    }

    /// <summary>Drains: no more claims and submissions, and what runs gets its time.</summary>
    public Task StopAsync() => _shutdown.RunAsync(_shutdown.Patience);

    public async ValueTask DisposeAsync()
    {
        await _shutdown.RunAsync(TimeSpan.Zero).ConfigureAwait(false); // whoever wants patience stops the host first
        _sweeper.Dispose();
        _alarm.Dispose();
        _begun.Dispose();
        _room.Dispose();
        _telemetry.Dispose();
    }

    public ValueTask<TaskHandle<TResult>> SubmitAsync<TResult>(ITaskParameters<TResult> parameters, SubmitOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        TaskType type = Types.FindByParameters(parameters.GetType());
        ValueTask<Guid> submitting = SubmitAsync(new TaskRequest(type.Name, parameters, options), cancellationToken);
        return submitting.IsCompletedSuccessfully ? new(new TaskHandle<TResult>(this, submitting.Result)) : WhenSubmittedAsync(submitting);

        async ValueTask<TaskHandle<TResult>> WhenSubmittedAsync(ValueTask<Guid> pending) => new(this, await pending.ConfigureAwait(false));
    }

    public async ValueTask<TaskHandle> SubmitAsync(string taskType, object? parameters, SubmitOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(taskType);
        return new TaskHandle(this, await SubmitAsync(new TaskRequest(taskType, parameters, options), cancellationToken).ConfigureAwait(false));
    }

    public async ValueTask<IReadOnlyList<TaskHandle<TResult>>> SubmitManyAsync<TResult>(
        IEnumerable<ITaskParameters<TResult>> parameters, SubmitOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Start();
        TaskRequest[] requests = [.. parameters.Select(each => new TaskRequest(Types.FindByParameters(each.GetType()).Name, each, options))];
        IReadOnlyList<Guid> ids = await _submitter.SubmitManyAsync(requests, cancellationToken).ConfigureAwait(false);
        return [.. ids.Select(id => new TaskHandle<TResult>(this, id))];
    }

    public ValueTask<SubmitResult> TrySubmitAsync(TaskRequest request, CancellationToken cancellationToken)
    {
        Start();
        return _submitter.TrySubmitAsync(request, cancellationToken);
    }

    public ValueTask<IReadOnlyList<SubmitResult>> TrySubmitManyAsync(IReadOnlyList<TaskRequest> requests, bool atomic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        Start();
        return _submitter.TrySubmitManyAsync(requests, atomic, cancellationToken);
    }

    public TaskHandle GetHandle(Guid id) => new(this, id);

    public TaskHandle<TResult> GetHandle<TResult>(Guid id) => new(this, id);

    public ValueTask<TaskRecord?> GetAsync(Guid id, CancellationToken cancellationToken) => _store.FindAsync(id, cancellationToken);

    public ValueTask<TaskRecord?> WaitForChangeAsync(Guid id, TaskState? seen, TimeSpan timeout, CancellationToken cancellationToken) =>
        _waiter.WaitAsync(id, seen, untilDone: false, timeout, cancellationToken);

    public ValueTask<TaskRecord?> WaitForEndAsync(Guid id, TimeSpan timeout, CancellationToken cancellationToken) =>
        _waiter.WaitAsync(id, seen: null, untilDone: true, timeout, cancellationToken);

    public IAsyncEnumerable<TaskEvent> WatchAsync(Guid id, TaskEventId? after, CancellationToken cancellationToken) => _watcher.WatchAsync(id, after, cancellationToken);

    public IAsyncEnumerable<TaskEvent> WatchAllAsync(TaskWatchFilter? filter, TaskEventId? after, CancellationToken cancellationToken) =>
        _watcher.WatchAllAsync(filter ?? new TaskWatchFilter(), after, cancellationToken);

    public ValueTask<TaskLogPage?> ReadLogAsync(Guid id, long after, LogLevel least, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, TaskQuery.MaxLimit);
        return _store.ReadLogAsync(id, after, least, limit, cancellationToken);
    }

    public Task WhenIdleAsync(CancellationToken cancellationToken) => _changes.WhenIdleAsync(cancellationToken);

    public ValueTask<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, TaskQuery.MaxLimit, nameof(query));
        return _store.ListAsync(query, cancellationToken);
    }

    public ValueTask<TaskMove> CancelAsync(Guid id, CancellationToken cancellationToken) => MoveAsync(id, LifecycleEvent.Cancel(), cancellationToken);

    public ValueTask<TaskMove> PauseAsync(Guid id, CancellationToken cancellationToken) => MoveAsync(id, LifecycleEvent.Pause(), cancellationToken);

    public ValueTask<TaskMove> ResumeAsync(Guid id, CancellationToken cancellationToken) => MoveAsync(id, LifecycleEvent.Resume(), cancellationToken);

    public async ValueTask<TaskMove> RetryAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!_submitter.TryEnter())
        {
            return new TaskMove(MoveOutcome.Stopping, await GetAsync(id, cancellationToken).ConfigureAwait(false) ?? default);
        }

        try
        {
            return await MoveAsync(id, LifecycleEvent.Retry(), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _submitter.Leave();
        }
    }

    public async ValueTask<RemoveOutcome> RemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        RemoveOutcome outcome = await _store.RemoveAsync(id, cancellationToken).ConfigureAwait(false);
        if (outcome == RemoveOutcome.Unfinished)
        {
            await CancelAsync(id, cancellationToken).ConfigureAwait(false);
        }

        return outcome;
    }

    public bool WasRemoved(Guid id) => _store.WasRemoved(id);

    public ValueTask<TaskStatistics> GetStatisticsAsync(CancellationToken cancellationToken) => _statistics.ReadAsync(cancellationToken);

    public ValueTask<TaskWaitReason?> ExplainAsync(TaskRecord record, CancellationToken cancellationToken) => _explanation.OfAsync(record, cancellationToken);

    private ValueTask<Guid> SubmitAsync(TaskRequest request, CancellationToken cancellationToken)
    {
        Start();
        return _submitter.SubmitAsync(request, cancellationToken);
    }

    private async ValueTask<TaskMove> MoveAsync(Guid id, LifecycleEvent change, CancellationToken cancellationToken)
    {
        TaskMove move = await _transitions.ApplyAsync(id, change, cancellationToken).ConfigureAwait(false);
        if (move.Outcome == MoveOutcome.Applied)
        {
            _pool.Direct(move.Record);
        }

        return move;
    }
}
