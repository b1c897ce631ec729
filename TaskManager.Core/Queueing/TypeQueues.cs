namespace TaskManager.Queueing;

/// <summary>The queue of each type that ever had a task, and the scopes of those who claim from them. Not thread-safe: the store's gate guards it.</summary>
internal sealed class TypeQueues(ReadySet ready)
{
    /// <summary>How many scopes are remembered.</summary>
    public const int MaxScopes = 10_000;

    private readonly Dictionary<TaskType, TypeQueue> _queues = [];
    private readonly Dictionary<TaskTypeSet, ClaimScope> _scopes = [];

    public IReadOnlyCollection<TypeQueue> All => _queues.Values;

    /// <summary>Finds the queue of a type.</summary>
    /// <returns><see langword="null"/> when the type has never had a task.</returns>
    public TypeQueue? Find(TaskType type) => _queues.GetValueOrDefault(type);

    /// <summary>Gets the queue of a type, made for its first task.</summary>
    public TypeQueue Of(TaskType type)
    {
        if (!_queues.TryGetValue(type, out TypeQueue? queue))
        {
            queue = ready.NewType(type);
            _queues.Add(type, queue);
            foreach (ClaimScope scope in _scopes.Values)
            {
                scope.Join(queue);
            }
        }

        return queue;
    }

    /// <summary>Gets the scope that all who claim the same types share.</summary>
    public ClaimScope ScopeOf(TaskTypeSet types)
    {
        if (_scopes.TryGetValue(types, out ClaimScope? scope))
        {
            return scope;
        }

        if (_scopes.Count == MaxScopes)
        {
            _scopes.Clear(); // they only remember whose turn the oldest task is
        }

        scope = new ClaimScope(types);
        foreach (TypeQueue queue in _queues.Values)
        {
            scope.Join(queue);
        }

        _scopes.Add(types, scope);
        return scope;
    }
}
