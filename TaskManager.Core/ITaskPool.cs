namespace TaskManager;

/// <summary>The in-process pool: how many tasks run here at once, and whether any are claimed at all.</summary>
public interface ITaskPool
{
    /// <summary>Gets the pool as it stands.</summary>
    PoolStatus Status { get; }

    /// <summary>Begins to claim tasks, or to claim them again.</summary>
    void Start();

    /// <summary>
    /// Claims no further tasks; those that run go on. Before the host or the first submission starts the pool, it keeps it from being started by them: an application that only submits.
    /// </summary>
    void Stop();

    /// <summary>Changes the number of slots, at once and without cutting anything short: slots beyond the number end with the task that they run.</summary>
    /// <param name="slots">From 0 to 1000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    void Scale(int slots);
}
