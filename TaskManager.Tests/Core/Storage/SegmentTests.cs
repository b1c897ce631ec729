using TaskManager.Storage;

namespace TaskManager.Tests.Core.Storage;

public sealed class SegmentTests
{
    private const int Sparse = Segment.Size / 8; // fewer than these move into an array of their own

    private readonly Segment _segment = new(number: 3);

    [Fact]
    public void NumberOf_Sequences_IsTheSameForAsManyAsASegmentHolds()
    {
        Assert.Equal((0, 0, 1, 3), (Segment.NumberOf(0), Segment.NumberOf(1023), Segment.NumberOf(1024), Segment.NumberOf(4095)));
        Assert.Equal(3, _segment.Number);
    }

    [Fact]
    public void Find_AddedEntries_FindsEachByItsSequence()
    {
        TaskEntry[] entries = Fill(3072, 3500, 4095);

        Assert.All(entries, entry => Assert.Same(entry, _segment.Find(entry.Sequence)));
        Assert.Null(_segment.Find(3073));
        Assert.Equal(3, _segment.Live);
        Assert.Equal(entries, _segment.Entries.OfType<TaskEntry>());
    }

    [Fact]
    public void Remove_FromASegmentThatIsStillFilled_LeavesAGap()
    {
        TaskEntry[] entries = Fill(3072, 3073);

        _segment.Remove(entries[0]);

        Assert.Equal((1, Segment.Size), (_segment.Live, _segment.Entries.Length)); // further ones will come
        Assert.Null(_segment.Find(3072));
        Assert.Same(entries[1], _segment.Find(3073));
    }

    [Fact]
    public void Remove_MostOfAFullSegment_MovesTheRestIntoAnArrayOfItsSize()
    {
        TaskEntry[] entries = Fill([.. Enumerable.Range(3072, Segment.Size).Select(i => (long)i)]);
        _segment.IsSealed = true;
        foreach (TaskEntry entry in entries[..^Sparse])
        {
            _segment.Remove(entry);
        }

        Assert.Equal((Sparse, Segment.Size), (_segment.Live, _segment.Entries.Length));
        _segment.Remove(entries[^Sparse]);
        TaskEntry?[] kept = _segment.Entries;

        Assert.Equal(entries[^(Sparse - 1)..], kept);
        Assert.Same(entries[^1], _segment.Find(entries[^1].Sequence));
        Assert.Null(_segment.Find(entries[^Sparse].Sequence));
        _segment.Remove(entries[^2]);
        Assert.Equal([.. entries[^(Sparse - 1)..^2], entries[^1]], _segment.Entries);
        Assert.Equal(entries[^(Sparse - 1)..], kept); // a reader that holds the former one goes on undisturbed
        Assert.Equal(Sparse - 2, _segment.Live);
    }

    [Fact]
    public void MayHold_ByState_GoesByTheCounts()
    {
        Assert.False(_segment.MayHold([]));
        Fill(3072);
        _segment.Counts[TaskState.Queued] = 1;

        Assert.True(_segment.MayHold([]));
        Assert.True(_segment.MayHold([TaskState.Paused, TaskState.Queued]));
        Assert.False(_segment.MayHold([TaskState.Paused, TaskState.Processing]));
    }

    [Fact]
    public void MayHold_WhileATaskMoves_CannotBeDenied()
    {
        Fill(3072);
        _segment.Counts[TaskState.Queued] = 1;

        _segment.BeginMove();
        Assert.True(_segment.MayHold([TaskState.Paused]));
        _segment.EndMove(TaskState.Queued, TaskState.Paused);

        Assert.True(_segment.MayHold([TaskState.Paused]));
        Assert.False(_segment.MayHold([TaskState.Queued]));
        Assert.Equal((0, 1), (_segment.Counts[TaskState.Queued], _segment.Counts[TaskState.Paused]));
    }

    private TaskEntry[] Fill(params long[] sequences)
    {
        TaskEntry[] entries = [.. sequences.Select(sequence => Entries.Create(sequence, _segment))];
        Array.ForEach(entries, _segment.Add);
        return entries;
    }
}
