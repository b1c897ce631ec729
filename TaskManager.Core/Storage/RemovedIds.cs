using System.Collections.Concurrent;

namespace TaskManager.Storage;

/// <summary>The last tasks that were removed on request, so that they can be told from tasks that never were. Written inside the store's gate, read without it.</summary>
internal sealed class RemovedIds
{
    private const int MaxRemembered = 10_000;

    private readonly ConcurrentDictionary<Guid, byte> _ids = new();
    private readonly Queue<Guid> _order = new();

    public bool Contains(Guid id) => _ids.ContainsKey(id);

    public void Add(Guid id)
    {
        if (_order.Count == MaxRemembered)
        {
            _ids.TryRemove(_order.Dequeue(), out _);
        }

        _ids[id] = 0;
        _order.Enqueue(id);
    }
}
