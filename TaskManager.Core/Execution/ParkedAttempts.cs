using System.Collections.Concurrent;

namespace TaskManager.Execution;

/// <summary>The attempts that live without a slot: suspended at a checkpoint, or woken there to be cancelled. Bounded, since each keeps its handler's memory.</summary>
internal sealed class ParkedAttempts(TaskManagerOptions options)
{
    // By the attempt too: one that is about to be over may still be here when the next of its task parks.
    private readonly ConcurrentDictionary<(Guid Task, int Attempt), LiveAttempt> _attempts = new();
    private int _count; // apart from the dictionary's own, which takes all of its locks

    public int Count => Volatile.Read(ref _count);

    public IEnumerable<LiveAttempt> All => _attempts.Values;

    public LiveAttempt? Find(Guid taskId, int attempt) => Count == 0 ? null : _attempts.GetValueOrDefault((taskId, attempt));

    /// <summary>Takes an attempt in.</summary>
    /// <returns><see langword="false"/> when there are as many as may be.</returns>
    public bool TryAdd(LiveAttempt attempt)
    {
        if (Interlocked.Increment(ref _count) > options.MaxSuspended)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        _attempts[(attempt.TaskId, attempt.Attempt)] = attempt;
        return true;
    }

    public void Remove(LiveAttempt attempt)
    {
        _attempts.TryRemove((attempt.TaskId, attempt.Attempt), out _);
        Interlocked.Decrement(ref _count);
    }
}
