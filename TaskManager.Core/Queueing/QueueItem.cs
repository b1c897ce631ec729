namespace TaskManager.Queueing;

/// <summary>What the queues know of a task: its definition, and where it stands in them. The in-memory store's entry is one; everything here is guarded by the store's gate.</summary>
internal abstract class QueueItem(TaskDefinition definition, TypeQueue queue)
{
    public TaskDefinition Definition { get; } = definition;

    /// <summary>Gets the tasks of the same type.</summary>
    public TypeQueue Queue { get; } = queue;

    public long Sequence => Definition.Sequence;

    /// <summary>Gets a value indicating whether the next claim begins an attempt, and does not let one go on.</summary>
    public abstract bool BeginsAttempt { get; }

    /// <summary>Gets or sets a value indicating whether the task may be taken.</summary>
    public bool IsReady { get; set; }

    /// <summary>Gets or sets the lane that still holds a place for the task, be it ready or not.</summary>
    public Lane? Place { get; set; }
}
