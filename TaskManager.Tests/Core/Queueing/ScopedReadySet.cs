using TaskManager.Queueing;

namespace TaskManager.Tests.Core.Queueing;

/// <summary>A ready set that one claimer takes everything from.</summary>
internal sealed class ScopedReadySet
{
    private readonly ReadySet _set = new();
    private readonly List<TypeQueue> _types = [];
    private ClaimScope _scope = new(new TaskTypeSet([]));

    public bool IsEmpty => _set.IsEmpty;

    public TypeQueue NewType(TaskType type)
    {
        TypeQueue queue = _set.NewType(type);
        _types.Add(queue);
        _scope = new ClaimScope(new TaskTypeSet(_types.Select(known => known.Type.Name))) { Claims = _scope.Claims };
        _types.ForEach(_scope.Join);
        return queue;
    }

    public void Insert(QueueItem item) => _set.Insert(item);

    public void Remove(QueueItem item) => _set.Remove(item);

    public QueueItem? Take(TimeSpan now) => _set.Take(_scope, now);

    public TimeSpan? UntilRateAllows(TimeSpan now) => _set.UntilRateAllows(_scope, now);
}
