using TaskManager.Storage;

namespace TaskManager.Tests.Core;

/// <summary>Drives a store as the engine does, and holds its counts against what it tells of its changes after every step.</summary>
internal sealed class StoreSteps
{
    /// <summary>A claim like the pool's: of any type, under a lease without end.</summary>
    public static readonly TaskClaim AnyClaim = new("pool", "pool-1", TestTypes.All, Timeout.InfiniteTimeSpan);

    private readonly Lock _gate = new();
    private readonly List<TaskChange> _changes = []; // guarded by _gate, as is all below
    private readonly Dictionary<TaskState, long> _standing = TaskStates.All.ToDictionary(state => state, _ => 0L);
    private long _admitted;

    public StoreSteps(ITaskStore store)
    {
        Store = store;
        store.Changed += OnChanged;
    }

    public ITaskStore Store { get; }

    public TaskChange[] Changes
    {
        get
        {
            lock (_gate)
            {
                return [.. _changes];
            }
        }
    }

    public static StoreSteps InMemory(TimeProvider clock, Action<TaskManagerOptions>? configure = null)
    {
        var options = new TaskManagerOptions();
        configure?.Invoke(options);
        return new StoreSteps(new InMemoryTaskStore(options, clock));
    }

    public static TaskSubmission Submission(SubmitOptions? options = null, TaskType? type = null, object? parameters = null) =>
        new(type ?? TestTypes.Plain, parameters ?? "parameters", options ?? new SubmitOptions());

    public async Task<TaskRecord> AddAsync(SubmitOptions? options = null, TaskType? type = null, object? parameters = null)
    {
        AddResult result = await TryAddAsync(Submission(options, type, parameters));
        Assert.Equal(AddOutcome.Added, result.Outcome);
        return result.Record;
    }

    public async Task<TaskRecord[]> AddManyAsync(int count, SubmitOptions? options = null, TaskType? type = null)
    {
        IReadOnlyList<AddResult> results = await Store.AddManyAsync([.. Enumerable.Repeat(Submission(options, type), count)], atomic: false, CancellationToken.None);
        Assert.All(results, result => Assert.Equal(AddOutcome.Added, result.Outcome));
        return [.. results.Select(result => result.Record)];
    }

    public async Task<AddResult> TryAddAsync(TaskSubmission submission)
    {
        AddResult result = await Store.AddAsync(submission, CancellationToken.None);
        await CountAsync();
        return result;
    }

    public async Task<TaskRecord?> FindAsync(Guid id) => await Store.FindAsync(id, CancellationToken.None);

    public async Task<TaskState> StateAsync(Guid id) => (await FindAsync(id))!.Value.State;

    public async Task<TaskRecord[]> ClaimAsync(int atMost = 1, TaskClaim? claim = null)
    {
        var claimed = new TaskRecord[atMost];
        ClaimResult result = await Store.ClaimAsync(claim ?? AnyClaim, claimed, CancellationToken.None);
        await CountAsync();
        return claimed[..result.Count];
    }

    /// <summary>Claims one task, which must be the given one.</summary>
    public async Task<TaskRecord> ClaimAsync(TaskRecord expected)
    {
        TaskRecord claimed = Assert.Single(await ClaimAsync());
        Assert.Equal(expected.Id, claimed.Id);
        return claimed;
    }

    /// <summary>Claims one by one until nothing is left to claim.</summary>
    public async Task<List<Guid>> ClaimAllAsync()
    {
        var order = new List<Guid>();
        while (await ClaimAsync() is [{ Id: var id }])
        {
            order.Add(id);
        }

        return order;
    }

    public async Task<UpdateOutcome> TryMoveAsync(TaskRecord before, LifecycleEvent change)
    {
        LifecycleStatus next = TaskLifecycle.Apply(before, change, Store.Now).Next ?? throw new InvalidOperationException($"{before.State} refuses {change.Kind}.");
        UpdateOutcome outcome = await Store.TryUpdateAsync(before, next, CancellationToken.None);
        await CountAsync();
        return outcome;
    }

    /// <summary>Moves a task from where it stands now.</summary>
    /// <returns>How it stands then; as it was told, since it may be gone.</returns>
    public async Task<TaskRecord> MoveAsync(Guid id, LifecycleEvent change)
    {
        Assert.Equal(UpdateOutcome.Updated, await TryMoveAsync((await FindAsync(id))!.Value, change));
        return Changes.Last(told => told.Record.Id == id).Record;
    }

    public Task<TaskRecord> CancelAsync(Guid id) => MoveAsync(id, LifecycleEvent.Cancel());

    public Task<TaskRecord> RetryAsync(Guid id) => MoveAsync(id, LifecycleEvent.Retry());

    public async Task<TaskRecord> CompleteAsync(Guid id, object? result = null) =>
        await MoveAsync(id, LifecycleEvent.Complete((await FindAsync(id))!.Value.Status.Attempt, result));

    public async Task<TaskRecord> FailAsync(Guid id, TimeSpan? retryDelay = null) =>
        await MoveAsync(id, LifecycleEvent.Fail((await FindAsync(id))!.Value.Status.Attempt, new TaskError("broken", "It broke."), retryDelay));

    /// <summary>Brings a paused attempt to its checkpoint and lets it wait for a slot again.</summary>
    public async Task<TaskRecord> SuspendAsync(TaskRecord processing)
    {
        await MoveAsync(processing.Id, LifecycleEvent.Pause());
        return await MoveAsync(processing.Id, LifecycleEvent.CheckpointReached(processing.Status.Attempt));
    }

    /// <summary>Adds a task, claims it and completes it; nothing else may be ready.</summary>
    public async Task<TaskRecord> RunAsync(SubmitOptions? options = null, TaskType? type = null, object? result = null)
    {
        TaskRecord added = await AddAsync(options, type);
        await ClaimAsync(added);
        return await CompleteAsync(added.Id, result);
    }

    public async Task<RemoveOutcome> RemoveAsync(Guid id)
    {
        RemoveOutcome outcome = await Store.RemoveAsync(id, CancellationToken.None);
        await CountAsync();
        return outcome;
    }

    public async Task<int> RemoveExpiredAsync()
    {
        int removed = await Store.RemoveExpiredAsync(CancellationToken.None);
        await CountAsync();
        return removed;
    }

    public async Task<TimeSpan?> QueueDueAsync()
    {
        TimeSpan? untilNext = await Store.QueueDueAsync(CancellationToken.None);
        await CountAsync();
        return untilNext;
    }

    public async Task<Guid[]> ListAsync(TaskQuery query) => [.. (await Store.ListAsync(query, CancellationToken.None)).Items.Select(record => record.Id)];

    /// <summary>Counts, and checks that nothing was lost: what was accepted stands in some state or was removed, and the states are those that were told of.</summary>
    public async Task<TaskCounts> CountAsync()
    {
        for (int looks = 0; looks < 1_000; looks++)
        {
            int changes = CountChanges();
            TaskCounts counts = await Store.CountAsync(CancellationToken.None);
            if (HasChecked(counts, changes))
            {
                return counts;
            }
        }

        throw new InvalidOperationException("Somebody changes something each time it is counted.");
    }

    private int CountChanges()
    {
        lock (_gate)
        {
            return _changes.Count;
        }
    }

    /// <summary>Checks what was counted after so many changes, if there has been none since: somebody who waited may have been let in.</summary>
    private bool HasChecked(TaskCounts counts, int changes)
    {
        lock (_gate)
        {
            if (_changes.Count != changes)
            {
                return false;
            }

            Assert.Equal(_admitted, counts.Accepted);
            Assert.Equal(counts.Accepted, counts.ByState.Values.Sum() + counts.Removed);
            Assert.All(TaskStates.All, state =>
            {
                Assert.InRange(counts.ByState[state], state.IsFinal() ? 0 : _standing[state], _standing[state]); // what has ended may be gone
                Assert.Equal(counts.ByState[state], counts.ByType.Values.Sum(ofType => ofType[state]));
            });
            return true;
        }
    }

    private void OnChanged(TaskChange change)
    {
        lock (_gate)
        {
            _changes.Add(change);
            _standing[change.Record.State]++;
            if (change.From is { } from)
            {
                _standing[from]--;
            }
            else
            {
                _admitted++;
            }
        }
    }
}
