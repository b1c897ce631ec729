using System.Collections.Concurrent;

namespace TaskManager.Storage;

/// <summary>
/// Every kept task, in segments by sequence. An id carries its sequence, so the dictionary needs one entry a segment, not one a task. Written inside the store's gate, read without it.
/// </summary>
internal sealed class TaskTable
{
    private readonly ConcurrentDictionary<long, Segment> _segments = new();
    private Segment? _newest;

    /// <summary>Gets the segment with the highest sequences; <see langword="null"/> before the first task.</summary>
    public Segment? Newest => Volatile.Read(ref _newest);

    public TaskEntry? Find(Guid id)
    {
        return SequencedIds.TryReadSequence(id, out long sequence)
            && _segments.TryGetValue(Segment.NumberOf(sequence), out Segment? segment)
            && segment.Find(sequence) is { } entry
            && entry.Definition.Id == id
                ? entry
                : null;
    }

    /// <summary>Gets the segment that the next sequence belongs to, made when it is the first of its kind.</summary>
    public Segment SegmentFor(long sequence)
    {
        long number = Segment.NumberOf(sequence);
        if (_newest?.Number == number)
        {
            return _newest;
        }

        var segment = new Segment(number) { Older = _newest };
        if (_newest is { } sealedOne)
        {
            sealedOne.IsSealed = true;
            sealedOne.Newer = segment;
            DropIfEmpty(sealedOne);
        }

        _segments[number] = segment;
        Volatile.Write(ref _newest, segment);
        return segment;
    }

    public void Remove(TaskEntry entry)
    {
        entry.Segment.Remove(entry);
        DropIfEmpty(entry.Segment);
    }

    private void DropIfEmpty(Segment segment)
    {
        if (segment.Live > 0 || !segment.IsSealed)
        {
            return;
        }

        _segments.TryRemove(segment.Number, out _);
        segment.Newer!.Older = segment.Older;
        if (segment.Older is { } older)
        {
            older.Newer = segment.Newer;
        }
    }
}
