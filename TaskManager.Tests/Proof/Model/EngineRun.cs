using System.Collections.Concurrent;
using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Model;

/// <summary>
/// One sequence of commands against the whole engine. Threads decide when things happen, so the changes are taken in the order in which the store made them: the model must
/// know a reason for each, and at rest nothing that must happen may be missing.
/// </summary>
internal sealed partial class EngineRun : IAsyncDisposable
{
    private const int MaxSuspended = 2;
    private const int MaxAbandoned = 2;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1); // every deadline lies on a whole one
    private static readonly TimeSpan AbandonAfter = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan HangAfter = TimeSpan.FromSeconds(60);

    private readonly Stage _stage = new();
    private readonly EngineFixture _fixture;
    private readonly ITaskStore _store;
    private readonly TaskModel _model;
    private readonly TaskManagerOptions _options = new();
    private readonly LawBook _laws = new();
    private readonly ConcurrentQueue<(TaskChange Change, ClockReading At)> _changes = new();
    private readonly Queue<ModelTask> _asked = new(); // moves of the model that the engine has yet to make
    private readonly Dictionary<ModelTask, TimeSpan> _stoppedAt = [];
    private readonly HashSet<StagedAttempt> _abandoned = [];
    private readonly EngineWitnesses _witnesses;
    private readonly ModelClaimant _pool;
    private int _slots = 3;
    private bool _isClaiming = true;
    private int _claimsAtBound;

    private EngineRun()
    {
        _fixture = EngineFixture.Create(
            (_, context) => _stage.EnterAsync(context),
            Configure,
            type => type.RetryOnTimeout = true,
            builder => builder.AddHandler("narrow", (Narrow _, TaskContext context) => _stage.EnterAsync(context), type => type.MaxConcurrency = 1));
        Configure(_options);
        _store = _fixture.Store;
        _model = new TaskModel(_options, _fixture.Tasks.Types.All, _store.Now);
        _pool = new ModelClaimant([.. _fixture.Tasks.Types.All.Select(type => type.Name)]);
        _store.Changed += change => _changes.Enqueue((change, change.At));
        _witnesses = new EngineWitnesses(_fixture.Tasks);
        _fixture.Engine.Start();
    }

    public static async Task PlayAsync(IReadOnlyList<Command> commands)
    {
        await using var run = new EngineRun();
        foreach (Command command in commands)
        {
            try
            {
                await run.DoAsync(command);
                await run.SettleAsync(mustBeDue: false);
                await run.CheckAsync(swept: command.Kind == CommandKind.Advance);
            }
            catch (Exception failure) when (failure is not TimeoutException)
            {
                throw new InvalidOperationException($"After {command}: {failure.Message} {run}", failure);
            }
        }

        await run.EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _stage.Close();
        await _witnesses.DisposeAsync();
        await _fixture.DisposeInTimeAsync();
    }

    public override string ToString() => $"{_fixture.Pool.Status}, {_slots} slots, claiming: {_isClaiming}, abandoned: {_abandoned.Count}\n{string.Join('\n', _model.Kept)}";

    private static void Configure(TaskManagerOptions options)
    {
        options.MaxConcurrency = 3;
        options.QueueCapacity = 14;
        options.MaxRetained = 9;
        options.Retention = TimeSpan.FromSeconds(40);
        options.AbandonAfter = AbandonAfter;
        options.MaxSuspended = MaxSuspended;
        options.MaxAbandoned = MaxAbandoned;
        options.DrainTimeout = TimeSpan.FromSeconds(1);
    }

    private int BusySlots => _model.Kept.Count(task => task.HoldsSlot);

    // Without a slot, but alive: suspended, resuming, or woken to be cancelled.
    private int Parked => _model.Kept.Count(task => task.HasLiveAttempt && !task.HoldsSlot);

    private bool MayClaim => _isClaiming && _abandoned.Count < MaxAbandoned;

    private bool HasFreeSlot => Enumerable.Range(1, _slots).Any(number => !_model.Kept.Any(task => task.HoldsSlot && task.Lease!.Worker == $"internal-{number}"));

    /// <summary>Follows the changes until nothing is left to happen.</summary>
    private async Task SettleAsync(bool mustBeDue)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            while (_changes.TryDequeue(out (TaskChange Change, ClockReading At) next))
            {
                Follow(next.Change, next.At);
            }

            _model.MoveTo(_store.Now);
            if (WhatIsMissing(mustBeDue) is not { } missing)
            {
                _model.ForgetTheDeaf();
                return;
            }

            if (TimeProvider.System.GetElapsedTime(started) > HangAfter)
            {
                throw new TimeoutException($"What should happen and does not: {missing}. {this}");
            }

            await Task.Yield();
        }
    }

    private string? WhatIsMissing(bool mustBeDue)
    {
        PoolStatus pool = _fixture.Pool.Status;
        bool isClaiming = _fixture.WorkerPool.IsClaiming; // asked first: what it brings is among the changes then
        return isClaiming ? "the end of a claim"
            : !_changes.IsEmpty ? "a look at the newest changes"
            : _asked.TryPeek(out ModelTask? asked) ? $"what was asked of {asked}"
            : _model.IsAnyUntold ? "a task that hears of the end of its parent"
            : MayClaim && HasFreeSlot && _model.Order.Next(_pool, _model.Now.Elapsed) is { } next ? $"a start of {next}"
            : (pool.Busy, pool.Suspended, pool.Abandoned) != (BusySlots, Parked, _abandoned.Count) ? $"the pool's figures, {BusySlots} {Parked} {_abandoned.Count}, not {pool}"
            : _model.Kept.FirstOrDefault(task => task.HasLiveAttempt && !IsAsItShould(task)) is { } attempt ? $"the handler of {attempt}"
            : mustBeDue && _model.Kept.FirstOrDefault(IsOverdue) is { } overdue ? $"the deadline of {overdue}"
            : null;
    }

    private bool IsAsItShould(ModelTask task) =>
        _stage.Find(task.Id, task.Attempt) is { } attempt
        && attempt.IsAtRest != task.Suspended
        && attempt.IsToldToStop == (task.CancelRequested || task.TimeoutFired);

    private bool IsOverdue(ModelTask task) => (task.State == TaskState.Scheduled && task.IsDue(_model.Now)) || HasRunOut(task) || HasIgnoredItsToken(task);

    private static bool HasRunOut(ModelTask task) =>
        task is { State: TaskState.Processing, TimeoutFired: false, CancelRequested: false } && task.Options.Timeout is { } timeout && task.Ran >= timeout;

    private bool HasIgnoredItsToken(ModelTask task) =>
        task.State == TaskState.Processing && _stoppedAt.TryGetValue(task, out TimeSpan stopped) && _model.Now.Elapsed - stopped >= AbandonAfter;

    /// <summary>Finds the reason of a change, makes it in the model too, and compares.</summary>
    private void Follow(in TaskChange change, ClockReading at)
    {
        _laws.Witness(change);
        _witnesses.Saw(change);
        _model.MoveTo(at);
        TaskRecord record = change.Record;
        ModelTask task = _model[record.Id];
        if (_asked.TryPeek(out ModelTask? asked) && asked == task)
        {
            _asked.Dequeue();
        }
        else
        {
            Assert.True(FollowsByItself(task, record), $"{task} became {record.State} ({record.Status}), and nobody knows why.");
        }

        NoteWhenStopped(task);
        Comparison.AssertSame(task, record, at);
    }

    private bool FollowsByItself(ModelTask task, in TaskRecord record)
    {
        switch (record.State)
        {
            case TaskState.Processing when task.State == TaskState.Queued:
                Claim(task, record.Status.Lease!);
                return true;
            case TaskState.Processing when record.Status.TimeoutFired && HasRunOut(task):
                return _model.Change(task, () => ModelAttempts.FireTimeout(task, new Reporter(task.Attempt, Token: null))) == LifecycleVerdict.Applied;
            case TaskState.Cancelled or TaskState.TimedOut when task.State == TaskState.Processing && HasIgnoredItsToken(task):
                _abandoned.Add(_stage.Find(task.Id, task.Attempt)!);
                return _model.Change(task, () => ModelAttempts.Abandon(task, new Reporter(task.Attempt, Token: null), _model.Now)) == LifecycleVerdict.Applied;
            case TaskState.Queued when task.State == TaskState.Scheduled:
                return _model.Change(task, () => ModelPlaces.Due(task, _model.Now)) == LifecycleVerdict.Applied;
            default:
                return _model.TryTellOfParent(record);
        }
    }

    private void Claim(ModelTask task, TaskLease lease)
    {
        Assert.True(_isClaiming, "Nothing is claimed by a pool that stands still.");
        _claimsAtBound = _abandoned.Count < MaxAbandoned ? 0 : _claimsAtBound + 1;
        Assert.True(_claimsAtBound <= _slots, "At the bound of abandoned handlers nothing is claimed but what was being claimed as it was reached.");
        Assert.DoesNotContain(_model.Kept, other => other.HoldsSlot && other.Lease!.Worker == lease.Worker); // law 7
        Assert.InRange(int.Parse(lease.Worker["internal-".Length..], System.Globalization.CultureInfo.InvariantCulture), 1, _slots);
        ModelTask? next = _model.Claim(_pool, lease);
        Assert.True(next == task, $"Law 8: {task} was claimed, and it was the turn of {next}.");
    }

    private void NoteWhenStopped(ModelTask task)
    {
        if (task.State != TaskState.Processing)
        {
            _stoppedAt.Remove(task);
        }
        else if (task.CancelRequested || task.TimeoutFired)
        {
            _stoppedAt.TryAdd(task, _model.Now.Elapsed);
        }
    }

    private sealed record Narrow(string Name);
}
