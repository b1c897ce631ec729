namespace TaskManager.Queueing;

/// <summary>
/// All who claim the same types: which queues they may take from, and how often they have. Each scope has its own count, or one that claims seldom would never come to its
/// oldest task.
/// </summary>
internal sealed class ClaimScope(TaskTypeSet types)
{
    private readonly HashSet<TypeQueue> _queues = [];

    /// <summary>Gets or sets how many tasks were taken.</summary>
    public long Claims { get; set; }

    public void Join(TypeQueue queue)
    {
        if (types.Contains(queue.Type.Name))
        {
            _queues.Add(queue);
        }
    }

    public bool Includes(TypeQueue queue) => _queues.Contains(queue);
}
