using System.Collections.Concurrent;

namespace TaskManager.Storage;

/// <summary>
/// Every kept task, in segments by sequence. An id carries its sequence, so the dictionary needs one entry a segment, not one a task. Written inside the store's gate, read without it.
/// </summary>
internal sealed class TaskTable
{
    private readonly ConcurrentDictionary<long, Segment> _segments = new();
    private readonly StateIndex _index = new();
    private Segment? _newest;

    public TaskEntry? Find(Guid id)
    {
        return SequencedIds.TryReadSequence(id, out long sequence)
            && _segments.TryGetValue(Segment.NumberOf(sequence), out Segment? segment)
            && segment.Find(sequence) is { } entry
            && entry.Definition.Id == id
                ? entry
                : null;
    }

    /// <summary>Finds the newest segment, from a number downwards, that may hold a task in one of some states, or in any when there are none.</summary>
    /// <returns><see langword="null"/> when there is none.</returns>
    public Segment? FindAtMost(long number, IReadOnlyCollection<TaskState> states)
    {
        for (long found = _index.FindAtMost(number, states); found >= 0; found = _index.FindAtMost(found - 1, states))
        {
            if (_segments.TryGetValue(found, out Segment? segment))
            {
                return segment;
            } // gone a moment ago
        }

        return null;
    }

    /// <summary>Gets the segment that the next sequence belongs to, made when it is the first of its kind.</summary>
    public Segment SegmentFor(long sequence)
    {
        long number = Segment.NumberOf(sequence);
        if (_newest?.Number == number)
        {
            return _newest;
        }

        if (_newest is { } filled)
        {
            filled.IsSealed = true;
            DropIfEmpty(filled);
        }

        _newest = new Segment(number);
        _segments[number] = _newest;
        _index.Add(number);
        return _newest;
    }

    public void Add(TaskEntry entry)
    {
        Segment segment = entry.Segment;
        TaskState state = entry.Status.State;
        if (segment.Counts[state]++ == 0)
        {
            _index.Enter(segment.Number, state);
        }

        segment.Add(entry); // last: who finds the task finds it in a list too
    }

    /// <summary>Notes that a task has moved from one state to another.</summary>
    public void Move(TaskEntry entry, TaskState from, TaskState to)
    {
        Segment segment = entry.Segment;
        bool isFirst = segment.Counts[to]++ == 0;
        bool isLast = --segment.Counts[from] == 0;
        if (!isFirst && !isLast)
        {
            return;
        }

        _index.BeginMove();
        if (isFirst)
        {
            _index.Enter(segment.Number, to);
        }

        if (isLast)
        {
            _index.Leave(segment.Number, from);
        }

        _index.EndMove();
    }

    public void Remove(TaskEntry entry)
    {
        Segment segment = entry.Segment;
        TaskState state = entry.Status.State;
        if (--segment.Counts[state] == 0)
        {
            _index.Leave(segment.Number, state);
        }

        segment.Remove(entry);
        DropIfEmpty(segment);
    }

    private void DropIfEmpty(Segment segment)
    {
        if (segment.Live == 0 && segment.IsSealed && _segments.TryRemove(segment.Number, out _))
        {
            _index.Remove(segment.Number);
        }
    }
}
