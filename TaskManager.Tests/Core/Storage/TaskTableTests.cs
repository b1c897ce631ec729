using TaskManager.Storage;

namespace TaskManager.Tests.Core.Storage;

public sealed class TaskTableTests
{
    private readonly TaskTable _table = new();

    [Fact]
    public void FindAtMost_BeforeTheFirstTask_IsNone() => Assert.Empty(Walk());

    [Fact]
    public void SegmentFor_RisingSequences_OpensANewOneWhenTheLastIsFull()
    {
        TaskEntry[] entries = Fill(2 * Segment.Size);

        Assert.Equal([2, 1, 0], Walk());
        Assert.All(entries, entry => Assert.Same(entry, _table.Find(entry.Definition.Id)));
        Assert.Equal([true, true, false], entries.Select(entry => entry.Segment).Distinct().Select(segment => segment.IsSealed));
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
    public void FindAtMost_ByState_SkipsTheSegmentsThatHoldNone()
    {
        TaskEntry[] entries = Fill(4 * Segment.Size);
        TaskEntry second = entries[Segment.Size];
        Move(second, LifecycleEvent.Pause());

        Assert.Equal([1], Walk(TaskState.Paused));
        Assert.Equal([4, 3, 2, 1, 0], Walk(TaskState.Paused, TaskState.Queued));
        Assert.Empty(Walk(TaskState.Completed));
        Move(second, LifecycleEvent.Resume());
        Assert.Empty(Walk(TaskState.Paused));
        Move(second, LifecycleEvent.Cancel());
        Assert.Equal([1], Walk(TaskState.Cancelled));
        _table.Remove(second);
        Assert.Empty(Walk(TaskState.Cancelled));
    }

    private TaskEntry[] Fill(int count) => [.. Enumerable.Range(1, count).Select(i => Add(i))];

    private TaskEntry Add(long sequence)
    {
        TaskEntry entry = Entries.Create(sequence, _table.SegmentFor(sequence));
        _table.Add(entry);
        return entry;
    }

    private void Move(TaskEntry entry, LifecycleEvent change)
    {
        TaskState before = entry.Status.State;
        Entries.Move(entry, change);
        _table.Move(entry, before, entry.Status.State);
    }

    private List<long> Walk(params TaskState[] states)
    {
        var numbers = new List<long>();
        for (Segment? segment = _table.FindAtMost(long.MaxValue / Segment.Size, states); segment is not null; segment = _table.FindAtMost(segment.Number - 1, states))
        {
            numbers.Add(segment.Number);
        }

        return numbers;
    }
}
