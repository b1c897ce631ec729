using System.Collections.Concurrent;

namespace TaskManager.Execution;

/// <summary>The attempts that live without a slot: suspended at a checkpoint, or woken there to be cancelled. Bounded, since each keeps its handler's memory.</summary>
internal sealed class ParkedAttempts(TaskManagerOptions options)
{
    private readonly ConcurrentDictionary<Guid, LiveAttempt> _byTask = new();
    private int _count; // apart from the dictionary's own, which takes all of its locks

    public int Count => Volatile.Read(ref _count);

    public bool IsEmpty => _byTask.IsEmpty;

    public IEnumerable<LiveAttempt> All => _byTask.Values;

    public LiveAttempt? Find(Guid taskId) => _byTask.GetValueOrDefault(taskId);

    /// <summary>Takes an attempt in.</summary>
    /// <returns><see langword="false"/> when there are as many as may be.</returns>
    public bool TryAdd(LiveAttempt attempt)
    {
        if (Interlocked.Increment(ref _count) > options.MaxSuspended)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        _byTask[attempt.TaskId] = attempt;
        return true;
    }

    public void Remove(LiveAttempt attempt)
    {
        if (_byTask.TryRemove(KeyValuePair.Create(attempt.TaskId, attempt)))
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
