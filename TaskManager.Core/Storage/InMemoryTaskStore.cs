using System.Diagnostics;
using Microsoft.Extensions.Logging;
using TaskManager.Lifecycle;
using TaskManager.Queueing;

namespace TaskManager.Storage;

/// <summary>
/// The store that keeps everything in this process's memory. One short gate makes <em>number and insert</em>, <em>take and stamp</em> and <em>compare and set</em> single steps;
/// look-ups and lists never take it.
/// </summary>
internal sealed class InMemoryTaskStore : ITaskStore
{
    private const int DueInOneTurn = 256;
    private const int ToldInOneTurn = 64;
    private const int ExpiredInOneTurn = 256;
    private const int LeasesInOneTurn = 64;
    private const int MaxScopes = 10_000;

    private readonly Lock _gate = new();
    private readonly TaskManagerOptions _options;
    private readonly TimeProvider _clock;
    private readonly long _origin;
    private readonly TaskTable _table = new();
    private readonly TaskLister _lister;
    private readonly SequencedIds _ids = new(); // guarded by _gate, as is all below
    private readonly Dictionary<TaskType, TypeQueue> _types = [];
    private readonly ReadySet _ready = new();
    private readonly Dictionary<TaskTypeSet, ClaimScope> _scopes = [];
    private readonly Deadlines<TaskEntry> _leases = new();
    private readonly DueTimes<TaskEntry> _due = new(entry => entry.Status);
    private readonly DependencyGraph _dependencies = new();
    private readonly FinishedTasks _finished = new();
    private readonly KeyIndex _keys;
    private readonly RemovedIds _removedIds = new();
    private long _accepted;
    private long _removed;
    private long _storedBytes; // also of logs, which are written outside the gate
    private int _unfinished;

    public InMemoryTaskStore(TaskManagerOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _origin = clock.GetTimestamp();
        _lister = new TaskLister(_table);
        _keys = new KeyIndex(options.MaxIdempotencyKeys);
    }

    public event Action<TaskChange>? Changed;

    public ClockReading Now => new(_clock.GetUtcNow(), _clock.GetElapsedTime(_origin));

    public bool IsFull => Volatile.Read(ref _unfinished) >= _options.QueueCapacity || Volatile.Read(ref _storedBytes) >= _options.MaxStoredBytes;

    public ValueTask<AddResult> AddAsync(TaskSubmission submission, CancellationToken cancellationToken) => new(AddOne(submission));

    public ValueTask<IReadOnlyList<AddResult>> AddManyAsync(IReadOnlyList<TaskSubmission> submissions, bool atomic, CancellationToken cancellationToken)
    {
        if (!atomic)
        {
            return new ValueTask<IReadOnlyList<AddResult>>([.. submissions.Select(AddOne)]);
        }

        lock (_gate)
        {
            ClockReading now = Now;
            AddResult[] results = ForeseenLocked(submissions, now);
            if (!HasRoomLocked([.. submissions.Where((_, index) => results[index].Outcome is AddOutcome.Added or AddOutcome.Full)]))
            {
                Array.Fill(results, new AddResult(AddOutcome.Full));
            }
            else if (Array.TrueForAll(results, result => result.HasRecord))
            {
                results = [.. submissions.Select(submission => AddLocked(submission, now, hasRoom: true))];
                RemoveOldestLocked(now, atMost: 2 * results.Length); // not between: a later one may name what would go
            }
            else
            {
                results = [.. results.Select(result => result.HasRecord ? new AddResult(AddOutcome.NotTried) : result)];
            }

            return new ValueTask<IReadOnlyList<AddResult>>(results);
        }
    }

    public ValueTask<TaskRecord?> FindAsync(Guid id, CancellationToken cancellationToken) => new(_table.Find(id)?.Record);

    public ValueTask<UpdateOutcome> TryUpdateAsync(TaskRecord before, LifecycleStatus after, CancellationToken cancellationToken)
    {
        UpdateOutcome outcome;
        bool tell;
        lock (_gate)
        {
            outcome = TryUpdateLocked(before, after);
            tell = _dependencies.HasWork;
        }

        if (tell)
        {
            TellDependants();
        }

        return new ValueTask<UpdateOutcome>(outcome);
    }

    public ValueTask<ClaimResult> ClaimAsync(TaskClaim claim, Memory<TaskRecord> claimed, CancellationToken cancellationToken)
    {
        if (_ready.IsEmpty)
        {
            return default; // a look is enough, and keeps idle consumers out of the way of those who submit
        }

        int count = 0;
        lock (_gate)
        {
            ClockReading now = Now;
            ClaimScope scope = ScopeLocked(claim.Types);
            while (count < claimed.Length && _ready.Take(scope, now.Elapsed) is TaskEntry entry)
            {
                LifecycleMove move = TaskLifecycle.Apply(entry.Record, LifecycleEvent.Claim(claim.NewLease(now)), now);
                Debug.Assert(move.Next is not null, "What is in the ready set can be claimed.");
                SetLocked(entry, move.Next, now);
                claimed.Span[count++] = entry.Record;
            }

            return new ValueTask<ClaimResult>(new ClaimResult(count, count == 0 ? _ready.UntilRateAllows(scope, now.Elapsed) : null));
        }
    }

    public ValueTask<IReadOnlyList<LeaseRenewal>> RenewLeasesAsync(string holder, IReadOnlyList<LeaseKey> leases, TimeSpan duration, CancellationToken cancellationToken)
    {
        var results = new LeaseRenewal[leases.Count];
        lock (_gate)
        {
            TimeSpan until = Now.Elapsed + duration;
            for (int i = 0; i < results.Length; i++)
            {
                TaskEntry? entry = _table.Find(leases[i].TaskId);
                bool isLive = entry is { Status: { IsLeased: true, Lease: { } lease } }
                    && lease.Token == leases[i].Token
                    && string.Equals(lease.Holder, holder, StringComparison.Ordinal);
                if (isLive)
                {
                    _leases.Set(entry!, until);
                }

                results[i] = new LeaseRenewal(isLive, entry?.Record);
            }
        }

        return new ValueTask<IReadOnlyList<LeaseRenewal>>(results);
    }

    public ValueTask<TimeSpan?> ExpireLeasesAsync(CancellationToken cancellationToken)
    {
        TimeSpan? untilNext;
        bool tell;
        lock (_gate)
        {
            ClockReading now = Now;
            for (int turn = 0; turn < LeasesInOneTurn && _leases.TakeDue(now.Elapsed) is { } entry; turn++)
            {
                LifecycleMove move = TaskLifecycle.Apply(entry.Record, LifecycleEvent.LeaseExpired(entry.Status.Attempt, _options.MaxRescues), now);
                Debug.Assert(move.Next is not null, "A live lease can run out.");
                SetLocked(entry, move.Next, now);
            }

            untilNext = _leases.Next() - now.Elapsed;
            tell = _dependencies.HasWork;
        }

        if (tell)
        {
            TellDependants();
        }

        return new ValueTask<TimeSpan?>(untilNext < TimeSpan.Zero ? TimeSpan.Zero : untilNext);
    }

    public ValueTask<bool> NoteLateReportAsync(LeaseKey lease, LateReport report, CancellationToken cancellationToken)
    {
        LateReports? reports = _table.Find(lease.TaskId)?.Record.FindLease(lease.Token)?.LateReports;
        reports?.Add(report);
        return new ValueTask<bool>(reports is not null);
    }

    public ValueTask<TimeSpan?> QueueDueAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ClockReading now = Now;
            for (int turn = 0; turn < DueInOneTurn; turn++)
            {
                if (_due.TakeDue(now) is not { } entry)
                {
                    return new ValueTask<TimeSpan?>(_due.UntilNext(now));
                }

                QueueLocked(entry, now);
            }
        }

        return new ValueTask<TimeSpan?>(TimeSpan.Zero);
    }

    public ValueTask<bool> ReportProgressAsync(Guid id, int attempt, TaskProgress progress, CancellationToken cancellationToken)
    {
        if (_table.Find(id) is not { } entry)
        {
            return new ValueTask<bool>(result: false);
        }

        return new ValueTask<bool>(entry.TryReport(attempt, progress));
    }

    public ValueTask<bool> AppendLogAsync(Guid id, int attempt, LogLevel level, string message, CancellationToken cancellationToken)
    {
        if (_options.MaxLogEntries == 0 || _table.Find(id) is not { } entry || entry.LogOf(attempt, _options.MaxLogEntries) is not { } log)
        {
            return new ValueTask<bool>(result: false);
        }

        if (log.TryAppend(level, message, _clock.GetUtcNow()) is not { } grown)
        {
            return new ValueTask<bool>(result: false);
        }

        Interlocked.Add(ref _storedBytes, grown);
        return new ValueTask<bool>(result: true);
    }

    public ValueTask<TaskLogPage?> ReadLogAsync(Guid id, long after, LogLevel least, int limit, CancellationToken cancellationToken) => _table.Find(id) is { } entry
        ? new ValueTask<TaskLogPage?>(entry.Log?.Read(after, least, limit) ?? new TaskLogPage([], Next: null, Dropped: 0))
        : new ValueTask<TaskLogPage?>(result: null);

    public TypeHold HoldOf(TaskType type)
    {
        lock (_gate)
        {
            return !_types.TryGetValue(type, out TypeQueue? queue) ? TypeHold.None
                : queue.IsAtLimit ? TypeHold.Concurrency
                : queue.UntilRateAllows(Now.Elapsed) > TimeSpan.Zero ? TypeHold.Rate
                : TypeHold.None;
        }
    }

    public ValueTask<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken) => new(_lister.List(query));

    public ValueTask<TaskCounts> CountAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new ValueTask<TaskCounts>(new TaskCounts
            {
                Accepted = _accepted,
                Removed = _removed,
                StoredBytes = _storedBytes,
                IdempotencyKeys = _keys.IdempotencyKeys,
                ByType = _types.Values.Where(queue => TaskStates.All.Any(state => queue.Counts[state] > 0)).ToDictionary(
                    queue => queue.Type.Name,
                    IReadOnlyDictionary<TaskState, long> (queue) => TaskStates.All.ToDictionary(state => state, state => queue.Counts[state]),
                    StringComparer.Ordinal),
                ByState = TaskStates.All.ToDictionary(state => state, state => _types.Values.Sum(queue => queue.Counts[state])),
            });
        }
    }

    public ValueTask<RemoveOutcome> RemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_table.Find(id) is not { } entry)
            {
                return new ValueTask<RemoveOutcome>(RemoveOutcome.Missing);
            }

            if (entry.Ties is { UnfinishedDependants: > 0 })
            {
                return new ValueTask<RemoveOutcome>(RemoveOutcome.HasDependants);
            }

            entry.IsUnwanted = true;
            if (!entry.Status.State.IsFinal())
            {
                return new ValueTask<RemoveOutcome>(RemoveOutcome.Unfinished);
            }

            RemoveLocked(entry);
            return new ValueTask<RemoveOutcome>(RemoveOutcome.Removed);
        }
    }

    public bool WasRemoved(Guid id) => _removedIds.Contains(id);

    public ValueTask<int> RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        long removed = 0;
        bool more = true;
        while (more)
        {
            lock (_gate)
            {
                long before = _removed;
                more = RemoveOldestLocked(Now, ExpiredInOneTurn) == ExpiredInOneTurn;
                removed += _removed - before; // without those that only wait for their dependants from now on
            }
        }

        return new ValueTask<int>((int)removed);
    }

    private AddResult AddOne(TaskSubmission submission)
    {
        lock (_gate)
        {
            ClockReading now = Now;
            AddResult result = AddLocked(submission, now, hasRoom: false);
            if (result is { Outcome: AddOutcome.Added, Record.IsDone: true })
            {
                RemoveOldestLocked(now, atMost: 2); // born cancelled, it is an ended one more
            }

            return result;
        }
    }

    /// <summary>Says how each submission would be answered, without admitting it, if there were room.</summary>
    private AddResult[] ForeseenLocked(IReadOnlyList<TaskSubmission> submissions, ClockReading now)
    {
        var fingerprints = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal); // of those that would be new
        return [.. submissions.Select(submission =>
        {
            AddResult foreseen = ForeseenLocked(submission, now);
            if (submission.Options.IdempotencyKey is not { } key)
            {
                return foreseen;
            }

            if (fingerprints.TryGetValue(key, out ReadOnlyMemory<byte> first))
            {
                return first.Span.SequenceEqual(submission.Fingerprint.Span) ? foreseen : new AddResult(AddOutcome.KeyReused);
            }

            if (foreseen.Outcome == AddOutcome.Added)
            {
                fingerprints.Add(key, submission.Fingerprint);
            }

            return foreseen;
        })];
    }

    private AddResult ForeseenLocked(TaskSubmission submission, ClockReading now)
    {
        if (_keys.Answer(submission, now) is { } answer)
        {
            return answer;
        }

        return TryFindParentsLocked(submission.Options.DependsOn, out _, out IReadOnlyList<Guid> unknown)
            ? new AddResult(AddOutcome.Added)
            : new AddResult(AddOutcome.UnknownParents, UnknownParents: unknown);
    }

    private bool HasRoomLocked(IReadOnlyList<TaskSubmission> submissions) =>
        _unfinished + submissions.Count <= _options.QueueCapacity
        && _storedBytes + submissions.Sum(submission => (long)SizeOf(submission.Parameters)) < _options.MaxStoredBytes
        && _keys.IdempotencyKeys + submissions.Count(submission => submission.Options.IdempotencyKey is not null) <= _options.MaxIdempotencyKeys;

    private AddResult AddLocked(in TaskSubmission submission, ClockReading now, bool hasRoom)
    {
        if (_keys.Answer(submission, now) is { } answer)
        {
            return answer;
        }

        if (!TryFindParentsLocked(submission.Options.DependsOn, out TaskEntry[] parents, out IReadOnlyList<Guid> unknown))
        {
            return new AddResult(AddOutcome.UnknownParents, UnknownParents: unknown);
        }

        if (!hasRoom && IsFull)
        {
            return new AddResult(AddOutcome.Full);
        }

        TaskEntry entry = NumberLocked(submission, parents, now);
        TaskState state = entry.Status.State;
        _table.Add(entry);
        entry.Queue.Counts[state]++;
        if (SizeOf(submission.Parameters) is var size && size != 0)
        {
            Interlocked.Add(ref _storedBytes, size);
        }

        _keys.Added(entry, submission);
        if (!state.IsFinal())
        {
            _unfinished++;
            _keys.Unfinished(entry);
        }

        if (parents.Length > 0)
        {
            DependencyGraph.Tie(entry, parents);
        }

        EnterLocked(entry, state, now);
        entry.AssertReadyOnlyIfQueued();
        Changed?.Invoke(new TaskChange(entry.Record, From: null, now));
        return new AddResult(AddOutcome.Added, entry.Record);
    }

    private TaskEntry NumberLocked(in TaskSubmission submission, TaskEntry[] parents, ClockReading now)
    {
        long sequence = ++_accepted;
        var definition = new TaskDefinition(_ids.Next(sequence, now.Utc), sequence, submission, now);
        (int unfinished, TaskError? failed) = parents.Length == 0 ? (0, null) : DependencyGraph.Stand(parents, submission.Options.OnDependencyFailure);
        LifecycleStatus status = TaskLifecycle.Admit(definition, unfinished, failed, now);
        return new TaskEntry(definition, status, TypeLocked(submission.Type), _table.SegmentFor(sequence));
    }

    private bool TryFindParentsLocked(IReadOnlyList<Guid> ids, out TaskEntry[] parents, out IReadOnlyList<Guid> unknown)
    {
        if (ids.Count == 0)
        {
            (parents, unknown) = ([], []);
            return true;
        }

        return TryFindAllLocked(ids, out parents, out unknown);
    }

    private bool TryFindAllLocked(IReadOnlyList<Guid> ids, out TaskEntry[] parents, out IReadOnlyList<Guid> unknown)
    {
        TaskEntry?[] found = [.. ids.Select(_table.Find)];
        unknown = [.. ids.Where((_, index) => found[index] is null)];
        parents = found!;
        return unknown.Count == 0;
    }

    private TypeQueue TypeLocked(TaskType type)
    {
        if (!_types.TryGetValue(type, out TypeQueue? queue))
        {
            queue = _ready.NewType(type);
            _types.Add(type, queue);
            foreach (ClaimScope scope in _scopes.Values)
            {
                scope.Join(queue);
            }
        }

        return queue;
    }

    private ClaimScope ScopeLocked(TaskTypeSet types)
    {
        if (_scopes.TryGetValue(types, out ClaimScope? scope))
        {
            return scope;
        }

        if (_scopes.Count == MaxScopes)
        {
            _scopes.Clear(); // they only remember whose turn the oldest task is
        }

        scope = new ClaimScope(types);
        foreach (TypeQueue queue in _types.Values)
        {
            scope.Join(queue);
        }

        _scopes.Add(types, scope);
        return scope;
    }

    private UpdateOutcome TryUpdateLocked(in TaskRecord before, LifecycleStatus after)
    {
        if (_table.Find(before.Id) is not { } entry)
        {
            return UpdateOutcome.Missing;
        }

        // Identity, not equality: only the reference proves that nobody was in between.
        if (!ReferenceEquals(entry.Status, before.Status))
        {
            return UpdateOutcome.Stale;
        }

        if (before.State.IsFinal())
        {
            if (!DependencyGraph.MayRetry(entry))
            {
                return UpdateOutcome.ParentNotCompleted;
            }

            if (!_keys.IsUniqueKeyFree(entry.Definition))
            {
                return UpdateOutcome.UniqueKeyTaken;
            }

            if (IsFull)
            {
                return UpdateOutcome.Full;
            }
        }
        else if (before.State == TaskState.Queued && after is { State: TaskState.Processing, CancelRequested: false } && entry.Queue.IsAtLimit)
        {
            return UpdateOutcome.TypeAtLimit;
        }

        SetLocked(entry, after, Now);
        return UpdateOutcome.Updated;
    }

    /// <summary>Makes every change but the admission, and keeps all that is derived from the state in step with it.</summary>
    private void SetLocked(TaskEntry entry, LifecycleStatus after, ClockReading now)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread, "A status changes inside the gate only.");
        LifecycleStatus before = entry.Status;
        entry.Swap(after);
        if (before.State != after.State)
        {
            _table.Move(entry, before.State, after.State);
            entry.Queue.Counts[before.State]--;
            entry.Queue.Counts[after.State]++;
            LeaveLocked(entry, before.State);
            EnterLocked(entry, after.State, now);
        }
        else if (after.IsClaimable && !before.IsClaimable)
        {
            _ready.Insert(entry); // queued as before, but the worker that alone could let it go on has lost it
        }

        entry.AssertReadyOnlyIfQueued();
        if (before.IsLeased != after.IsLeased)
        {
            FollowLeaseLocked(entry, after);
        }

        if (SizeOf(after.Payload) - SizeOf(before.Payload) is var grown && grown != 0)
        {
            Interlocked.Add(ref _storedBytes, grown);
        }

        Changed?.Invoke(new TaskChange(entry.Record, before.State, now));
        if (after.State.IsFinal() && !before.State.IsFinal())
        {
            EndLocked(entry, now);
        }
    }

    private void LeaveLocked(TaskEntry entry, TaskState state)
    {
        if (state == TaskState.Queued && entry.IsReady)
        {
            _ready.Remove(entry); // a claim has taken it out already
        }
        else if (state == TaskState.Scheduled)
        {
            _due.Left();
        }
        else if (state.IsFinal())
        {
            LeaveFinishedLocked(entry);
            _unfinished++;
            _keys.Unfinished(entry);
            DependencyGraph.Count(entry);
        }
    }

    private void EnterLocked(TaskEntry entry, TaskState state, ClockReading now)
    {
        if (entry.Status.IsClaimable)
        {
            _ready.Insert(entry);
        }
        else if (state == TaskState.Scheduled)
        {
            _due.Add(entry, entry.Definition, now);
        }
        else if (state.IsFinal())
        {
            _finished.Add(entry, now);
        }
    }

    private void FollowLeaseLocked(TaskEntry entry, LifecycleStatus status)
    {
        if (status.IsLeased)
        {
            _leases.Set(entry, status.Lease!.Until);
        }
        else
        {
            _leases.Remove(entry);
        }
    }

    private void EndLocked(TaskEntry entry, ClockReading now)
    {
        _unfinished--;
        _keys.Ended(entry, now);
        foreach (TaskEntry overdue in _dependencies.Ended(entry))
        {
            RemoveLocked(overdue);
        }

        if (entry.IsUnwanted)
        {
            RemoveUnlessNeededLocked(entry);
        }

        // At most a few at a time: each end makes room for itself, and the sweep does the rest.
        RemoveOldestLocked(now, atMost: 2);
    }

    private void QueueLocked(TaskEntry entry, ClockReading now)
    {
        LifecycleMove move = TaskLifecycle.Apply(entry.Record, LifecycleEvent.Due(), now);
        if (move.Next is not null)
        {
            SetLocked(entry, move.Next, now);
        }
        else
        {
            _due.Left(); // due by one clock, but not by the other
            _due.Add(entry, entry.Definition, now);
        }
    }

    /// <summary>Tells those that wait for an ended task, a few at a time, so that no cascade holds the gate for long.</summary>
    private void TellDependants()
    {
        bool more = true;
        while (more)
        {
            lock (_gate)
            {
                ClockReading now = Now;
                for (int told = 0; told < ToldInOneTurn && (more = _dependencies.TryTake(out TaskEntry dependant, out LifecycleEvent change)); told++)
                {
                    if (TaskLifecycle.Apply(dependant.Record, change, now).Next is { } next)
                    {
                        SetLocked(dependant, next, now);
                    }
                }
            }
        }
    }

    /// <summary>Removes those that have been kept for long enough, or are too many.</summary>
    /// <returns>How many it dealt with.</returns>
    private int RemoveOldestLocked(ClockReading now, int atMost)
    {
        int count = 0;
        while (count < atMost && _finished.Oldest(now) is { } oldest && MustGo(oldest.Age))
        {
            count++;
            RemoveUnlessNeededLocked(oldest.Entry);
        }

        return count;
    }

    private bool MustGo(TimeSpan age) => age >= _options.Retention || _finished.Count > _options.MaxRetained || _storedBytes > _options.MaxStoredBytes;

    private void RemoveUnlessNeededLocked(TaskEntry entry)
    {
        if (entry.Ties is { UnfinishedDependants: > 0 } ties)
        {
            LeaveFinishedLocked(entry);
            ties.IsOverdue = true; // it goes with the last of them
        }
        else
        {
            RemoveLocked(entry);
        }
    }

    private void RemoveLocked(TaskEntry entry)
    {
        TaskState state = entry.Status.State;
        entry.IsRemoved = true;
        if (entry.IsUnwanted)
        {
            _removedIds.Add(entry.Definition.Id);
        }

        entry.Queue.Counts[state]--;
        Interlocked.Add(ref _storedBytes, -(SizeOf(entry.Definition.Parameters) + SizeOf(entry.Status.Payload) + (entry.Log?.Close() ?? 0)));
        _removed++;
        LeaveFinishedLocked(entry);
        _keys.Removed(entry);
        _table.Remove(entry);
        entry.Ties = null; // a task that is kept holds its parents, and they must not hold theirs in turn
    }

    private void LeaveFinishedLocked(TaskEntry entry)
    {
        if (entry.Ties is { IsOverdue: true } ties)
        {
            ties.IsOverdue = false;
        }
        else
        {
            _finished.Left();
        }
    }

    private static int SizeOf(object? value) => value is JsonPayload payload ? payload.Utf8.Length : 0;
}
