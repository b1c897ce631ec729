namespace TaskManager.Tests.Proof.Model;

/// <summary>Those who look on from outside: one that waits for each task, and one that watches everything.</summary>
internal sealed class EngineWitnesses : IAsyncDisposable
{
    private readonly ITaskManager _tasks;
    private readonly Dictionary<Guid, Task<TaskRecord?>> _waiting = [];
    private readonly Dictionary<Guid, TaskRecord> _firstEnds = [];
    private readonly List<(Guid Task, TaskState State, int Version)> _seen = [];
    private readonly List<(Guid Task, TaskState State, int Version)> _watched = []; // guarded by itself
    private readonly CancellationTokenSource _enough = new();
    private readonly Task _watching;

    public EngineWitnesses(ITaskManager tasks)
    {
        _tasks = tasks;
        _watching = WatchAsync();
    }

    public void WaitFor(Guid id) => _waiting.Add(id, _tasks.WaitForEndAsync(id, Timeout.InfiniteTimeSpan).AsTask());

    /// <summary>Takes note of a change that the store made.</summary>
    public void Saw(in TaskChange change)
    {
        TaskRecord record = change.Record;
        if (change.From != record.State)
        {
            _seen.Add((record.Id, record.State, record.Status.Version));
        }

        if (record.IsDone)
        {
            _firstEnds.TryAdd(record.Id, record);
        }
    }

    /// <summary>Finds that every waiter got its answer, and that the stream told everything once and in order.</summary>
    public async Task CheckAsync()
    {
        foreach ((Guid id, Task<TaskRecord?> waiting) in _waiting)
        {
            TaskRecord? answer = await waiting.Patiently();
            Assert.Equal(_firstEnds[id].Status.Version, answer?.Status.Version ?? _firstEnds[id].Status.Version); // a task that was gone at once answers none
        }

        Assert.Equal(0, (await _tasks.GetStatisticsAsync()).Bounds["waiters"].Used);
        await Patience.UntilAsync(() =>
        {
            lock (_watched)
            {
                return _watched.Count >= _seen.Count;
            }
        });
        Assert.Equal(_seen, _watched);
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _enough.Dispose();
    }

    private async Task WatchAsync()
    {
        await foreach (TaskEvent happened in _tasks.WatchAllAsync(cancellationToken: _enough.Token))
        {
            if (happened is TaskStatusEvent status)
            {
                lock (_watched)
                {
                    _watched.Add((status.TaskId, status.State, status.Version));
                }
            }
        }
    }
}
