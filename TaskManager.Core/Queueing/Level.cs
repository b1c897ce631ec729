namespace TaskManager.Queueing;

/// <summary>
/// The ready tasks of one type and priority: a lane for each fairness key, and two heaps that find the lane whose turn it is and the lane with the oldest task.
/// The heaps are corrected when they are asked: a turn only moves back, and a head that grew older is pushed anew.
/// </summary>
internal sealed class Level(FairnessRotation rotation)
{
    private const int FewEntries = 64;

    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly Lane _keyless = new(key: null);
    private readonly PriorityQueue<Lane, long> _byTurn = new();
    private readonly PriorityQueue<(Lane Lane, int Version), long> _byAge = new();
    private int _readyLanes;

    public int Ready { get; private set; }

    public void Insert(QueueItem item)
    {
        Lane lane = LaneOf(item);
        lane.Turn = rotation.Join(lane.Key);
        lane.Insert(item);
        Ready++;
        if (lane.Ready == 1)
        {
            _readyLanes++;
        }

        if (!lane.IsInTurns)
        {
            _byTurn.Enqueue(lane, lane.Turn.Rank);
            lane.IsInTurns = true;
        }

        if (item.Sequence < lane.AgeKey)
        {
            PushAge(lane, item.Sequence);
            DropIfMostlyVoid();
        }
    }

    public void Remove(QueueItem item)
    {
        Lane lane = LaneOf(item);
        lane.Remove(item);
        Left(lane);
    }

    public QueueItem Take(Lane lane)
    {
        QueueItem taken = lane.Take();
        rotation.Serve(lane.Turn!);
        Left(lane);
        return taken;
    }

    /// <summary>Takes a task from wherever it stands in its lane.</summary>
    public void Take(QueueItem item)
    {
        rotation.Serve(item.Place!.Turn!);
        Remove(item);
    }

    /// <summary>Finds the lane whose key has waited longest for its turn.</summary>
    public Lane? NextByTurn()
    {
        while (_byTurn.TryPeek(out Lane? lane, out long rank))
        {
            if (lane.Ready == 0)
            {
                _byTurn.Dequeue();
                lane.IsInTurns = false;
                ForgetIfUnused(lane);
            }
            else if (lane.Turn!.Rank != rank)
            {
                _byTurn.DequeueEnqueue(lane, lane.Turn.Rank);
            }
            else
            {
                return lane;
            }
        }

        return null;
    }

    /// <summary>Finds the lane with the lowest sequence.</summary>
    public Lane? NextByAge()
    {
        while (_byAge.TryPeek(out (Lane Lane, int Version) entry, out long sequence))
        {
            Lane lane = entry.Lane;
            if (entry.Version != lane.AgeVersion)
            {
                _byAge.Dequeue();
            }
            else if (lane.Ready == 0)
            {
                _byAge.Dequeue();
                lane.AgeKey = long.MaxValue;
                ForgetIfUnused(lane);
            }
            else if (lane.Head().Sequence is var head && head != sequence)
            {
                _byAge.Dequeue();
                PushAge(lane, head);
            }
            else
            {
                return lane;
            }
        }

        return null;
    }

    private Lane LaneOf(QueueItem item)
    {
        Lane? lane = _keyless;
        if (item.Definition.Options.FairnessKey is { } key && !_lanes.TryGetValue(key, out lane))
        {
            lane = new Lane(key);
            _lanes.Add(key, lane);
        }

        return lane;
    }

    private void Left(Lane lane)
    {
        rotation.Leave(lane.Turn!);
        Ready--;
        if (lane.Ready == 0)
        {
            _readyLanes--;
            DropIfMostlyVoid();
        }
    }

    private void PushAge(Lane lane, long sequence)
    {
        lane.AgeKey = sequence;
        _byAge.Enqueue((lane, ++lane.AgeVersion), sequence);
    }

    private void ForgetIfUnused(Lane lane)
    {
        if (!lane.IsInTurns && lane.AgeKey == long.MaxValue && lane.Key is not null)
        {
            _lanes.Remove(lane.Key);
        }
    }

    /// <summary>Makes the heaps anew when most of their entries are void; only two of each ready lane are good. What no heap holds is forgotten.</summary>
    private void DropIfMostlyVoid()
    {
        int entries = _byTurn.Count + _byAge.Count;
        if (entries <= FewEntries || entries <= 4 * _readyLanes)
        {
            return;
        }

        _byTurn.Clear();
        _byAge.Clear();
        foreach (Lane lane in _lanes.Values.Append(_keyless).ToArray())
        {
            if (lane.Ready == 0)
            {
                lane.IsInTurns = false;
                lane.AgeKey = long.MaxValue;
                ForgetIfUnused(lane);
            }
            else
            {
                _byTurn.Enqueue(lane, lane.Turn!.Rank);
                PushAge(lane, lane.Head().Sequence);
            }
        }
    }
}
