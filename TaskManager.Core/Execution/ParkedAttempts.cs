using System.Collections.Concurrent;

namespace TaskManager.Execution;

/// <summary>
/// The attempts that live without a slot: suspended at a checkpoint, or woken there to be cancelled. Bounded, since each keeps its handler's memory. An attempt that has parked once, or has
/// tried to, is found here until it is over, in a slot or not: a store may have suspended it and not said so, and then it runs while a claim looks for it.
/// </summary>
internal sealed class ParkedAttempts(TaskManagerOptions options)
{
    // By the attempt too: one that is about to be over may still be here when the next of its task parks.
    private readonly ConcurrentDictionary<(Guid Task, int Attempt), LiveAttempt> _known = new();
    private int _count;
    private int _knownCount; // apart from the dictionary's own, which takes all of its locks

    public int Count => Volatile.Read(ref _count);

    /// <summary>Gets the parked attempts, and those that run in a slot again.</summary>
    public IEnumerable<LiveAttempt> Known => _known.Values;

    public LiveAttempt? Find(Guid taskId, int attempt) => Volatile.Read(ref _knownCount) == 0 ? null : _known.GetValueOrDefault((taskId, attempt));

    /// <summary>Takes an attempt in.</summary>
    /// <returns><see langword="false"/> when there are as many as may be.</returns>
    public bool TryAdd(LiveAttempt attempt)
    {
        if (Interlocked.Increment(ref _count) > options.MaxSuspended)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        Interlocked.Increment(ref _knownCount); // before it is there, so that nobody who can find it is told that there is none
        if (!_known.TryAdd((attempt.TaskId, attempt.Attempt), attempt))
        {
            Interlocked.Decrement(ref _knownCount);
        }

        return true;
    }

    /// <summary>Counts one less: it has a slot again, or is over.</summary>
    public void Leave() => Interlocked.Decrement(ref _count);

    /// <summary>Forgets an attempt that is over, or abandoned.</summary>
    public void Forget(LiveAttempt attempt)
    {
        if (Volatile.Read(ref _knownCount) > 0 && _known.TryRemove((attempt.TaskId, attempt.Attempt), out _))
        {
            Interlocked.Decrement(ref _knownCount);
        }
    }
}
