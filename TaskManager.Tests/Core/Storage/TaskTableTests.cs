using TaskManager.Storage;

namespace TaskManager.Tests.Core.Storage;

public sealed class TaskTableTests
{
    private readonly TaskTable _table = new();

    [Fact]
    public void Newest_BeforeTheFirstTask_IsNone() => Assert.Null(_table.Newest);

    [Fact]
    public void SegmentFor_RisingSequences_OpensANewOneWhenTheLastIsFull()
    {
        TaskEntry[] entries = Fill(2 * Segment.Size);

        Assert.Equal([2, 1, 0], Walk());
        Assert.All(entries, entry => Assert.Same(entry, _table.Find(entry.Definition.Id)));
        Assert.Equal([false, true, true], [_table.Newest!.IsSealed, _table.Newest.Older!.IsSealed, _table.Newest.Older.Older!.IsSealed]);
    }

    [Fact]
    public void Find_IdThatOnlyLooksRight_FindsNothing()
    {
        TaskEntry entry = Fill(1)[0];

        Assert.Null(_table.Find(new SequencedIds().Next(entry.Sequence, Entries.At(0).Utc))); // its random part is another
        Assert.Null(_table.Find(new SequencedIds().Next(entry.Sequence + 1, Entries.At(0).Utc)));
        Assert.Null(_table.Find(new SequencedIds().Next(entry.Sequence + (5 * Segment.Size), Entries.At(0).Utc)));
        Assert.Null(_table.Find(Guid.NewGuid()));
    }

    [Fact]
    public void Remove_AllOfASegment_DropsIt()
    {
        TaskEntry[] entries = Fill(4 * Segment.Size);
        TaskEntry[] third = [.. entries.Where(entry => entry.Segment.Number == 2)];

        Array.ForEach(third, _table.Remove);

        Assert.Equal([4, 3, 1, 0], Walk());
        Assert.Same(entries[^1].Segment.Older, entries[Segment.Size].Segment.Newer);
        Assert.All(third, entry => Assert.Null(_table.Find(entry.Definition.Id)));
        Assert.All(entries.Except(third), entry => Assert.Same(entry, _table.Find(entry.Definition.Id)));
    }

    [Fact]
    public void Remove_OldestAndThoseBetween_LeavesAListWithoutThem()
    {
        TaskEntry[] entries = Fill(4 * Segment.Size);
        foreach (long number in new long[] { 0, 3, 1, 2 })
        {
            Array.ForEach(entries.Where(entry => entry.Segment.Number == number).ToArray(), _table.Remove);
            Assert.DoesNotContain(number, Walk());
        }

        Assert.Equal([4], Walk());
        Assert.Null(_table.Newest!.Older);
    }

    [Fact]
    public void Remove_AllOfTheNewestSegment_KeepsItUntilItIsFull()
    {
        TaskEntry[] entries = Fill(10);
        Array.ForEach(entries, _table.Remove);
        Assert.Equal([0], Walk());

        TaskEntry next = Add(11);
        Assert.Same(entries[0].Segment, next.Segment);
        _table.Remove(next);
        Add(Segment.Size);

        Assert.Equal([1], Walk());
    }

    [Fact]
    public void Older_OfASegmentThatWasDropped_LeadsAReaderOn()
    {
        TaskEntry[] entries = Fill(3 * Segment.Size);
        Segment stands = entries[Segment.Size].Segment;

        Array.ForEach(entries.Where(entry => entry.Segment == stands).ToArray(), _table.Remove);

        Assert.Equal(0, stands.Older!.Number);
    }

    private TaskEntry[] Fill(int count) => [.. Enumerable.Range(1, count).Select(i => Add(i))];

    private TaskEntry Add(long sequence)
    {
        TaskEntry entry = Entries.Create(sequence, _table.SegmentFor(sequence));
        entry.Segment.Add(entry);
        return entry;
    }

    private List<long> Walk()
    {
        var numbers = new List<long>();
        for (Segment? segment = _table.Newest; segment is not null; segment = segment.Older)
        {
            numbers.Add(segment.Number);
        }

        return numbers;
    }
}
