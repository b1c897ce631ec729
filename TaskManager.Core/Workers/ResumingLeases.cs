namespace TaskManager.Workers;

/// <summary>The attempts that were resumed and stand at their workers until their types have room. Called inside the store's gate, and so never by two at once.</summary>
internal sealed class ResumingLeases
{
    private readonly Dictionary<TaskType, HashSet<HeldLease>> _byType = [];

    /// <summary>Takes notice of how a lease stands now.</summary>
    public void Learn(HeldLease held, bool isOver)
    {
        TaskType type = held.Record.Definition.Type;
        if (type.MaxConcurrency is null)
        {
            return; // there is always room
        }

        if (!isOver && held.Status.State == TaskState.Queued)
        {
            if (!_byType.TryGetValue(type, out HashSet<HeldLease>? waiting))
            {
                _byType.Add(type, waiting = []);
            }

            waiting.Add(held);
        }
        else if (_byType.TryGetValue(type, out HashSet<HeldLease>? waiting) && waiting.Remove(held) && waiting.Count == 0)
        {
            _byType.Remove(type);
        }
    }

    /// <summary>Wakes the workers whose attempts of a type may go on now: the place that has become free is kept for them, and would stay empty until their next heartbeats.</summary>
    public void Wake(TaskType type)
    {
        foreach (HeldLease held in _byType.GetValueOrDefault(type) ?? [])
        {
            held.Worker?.Asked.RaiseLater();
        }
    }
}
