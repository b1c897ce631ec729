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
        Assert.Equal(Sparse - 1, _segment.Live);
    }

    [Fact]
    public void Remove_HalfOfASparseSegment_MovesTheRestAgain()
    {
        TaskEntry[] entries = Fill([.. Enumerable.Range(3072, Segment.Size).Select(i => (long)i)]);
        _segment.IsSealed = true;
        Array.ForEach(entries[..^(Sparse - 1)], _segment.Remove);
        TaskEntry?[] before = _segment.Entries;
        TaskEntry[] left = entries[^(Sparse - 1)..];

        int half = left.Length / 2;
        Array.ForEach(left[..^half], _segment.Remove);
        Assert.Same(before, _segment.Entries); // with gaps, until fewer than half are left
        Assert.Null(_segment.Find(left[0].Sequence));
        Assert.Same(left[^1], _segment.Find(left[^1].Sequence));
        _segment.Remove(left[^half]);

        Assert.Equal(left[^(half - 1)..], _segment.Entries);
        Assert.Equal(Sparse - 1, before.Length); // a reader that holds the former one goes on
        Assert.All(left[^(half - 1)..], entry => Assert.Same(entry, _segment.Find(entry.Sequence)));
        Array.ForEach(left[^(half - 1)..], _segment.Remove);
        Assert.Equal(0, _segment.Live);
        Assert.All(left, entry => Assert.Null(_segment.Find(entry.Sequence)));
    }

    private TaskEntry[] Fill(params long[] sequences)
    {
        TaskEntry[] entries = [.. sequences.Select(sequence => Entries.Create(sequence, _segment))];
        Array.ForEach(entries, _segment.Add);
        return entries;
    }
}
