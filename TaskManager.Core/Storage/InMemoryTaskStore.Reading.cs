namespace TaskManager.Storage;

/// <content>What everybody may look at. Only counting takes the gate, so that all counts are of one moment.</content>
internal sealed partial class InMemoryTaskStore
{
    public ValueTask<TaskRecord?> FindAsync(Guid id, CancellationToken cancellationToken) => new(_table.Find(id)?.Record);

    public ValueTask<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken) => new(_lister.List(query));

    public ValueTask<TaskCounts> CountAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_gate)
            {
                if (!_dependencies.HasWork)
                {
                    return new ValueTask<TaskCounts>(CountLocked());
                }
            }

            TellDependants(); // between an end and what it frees, nothing would seem to be left to do
        }
    }

    private TaskCounts CountLocked() => new()
    {
        Accepted = _accepted,
        Removed = _removed,
        StoredBytes = _occupancy.StoredBytes,
        IdempotencyKeys = _keys.IdempotencyKeys,
        ByType = _types.All.Where(queue => TaskStates.All.Any(state => queue.Counts[state] > 0)).ToDictionary(
            queue => queue.Type.Name,
            IReadOnlyDictionary<TaskState, long> (queue) => TaskStates.All.ToDictionary(state => state, state => queue.Counts[state]),
            StringComparer.Ordinal),
        ByState = TaskStates.All.ToDictionary(state => state, state => _types.All.Sum(queue => queue.Counts[state])),
    };
}
