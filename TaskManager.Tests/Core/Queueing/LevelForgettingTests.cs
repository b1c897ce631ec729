using TaskManager.Queueing;

namespace TaskManager.Tests.Core.Queueing;

/// <summary>A key's lane is forgotten when nothing holds it any more, or when most are unused.</summary>
public sealed class LevelForgettingTests
{
    private readonly Level _level = new(new FairnessRotation());

    [Fact]
    public void Next_AKeyThatBothHeapsLetGo_IsForgotten()
    {
        Lane first = InsertAndTake(1, "a");
        Assert.Null(_level.NextByTurn());
        Assert.Null(_level.NextByAge());

        Assert.NotSame(first, LaneOf(2, "a"));
    }

    [Fact]
    public void Next_AKeyThatBothHeapsLetGoTheOtherWayAbout_IsForgotten()
    {
        Lane first = InsertAndTake(1, "a");
        Assert.Null(_level.NextByAge());
        Assert.Null(_level.NextByTurn());

        Assert.NotSame(first, LaneOf(2, "a"));
    }

    [Fact]
    public void NextByTurn_AKeyThatTheHeapByAgeHolds_IsKept()
    {
        Lane first = InsertAndTake(1, "a");
        Assert.Null(_level.NextByTurn());

        Assert.Same(first, LaneOf(2, "a"));
        Assert.Same(first, _level.NextByTurn());
        Assert.Same(first, _level.NextByAge());
    }

    [Fact]
    public void NextByAge_AKeyThatTheHeapByTurnHolds_IsKept()
    {
        Lane first = InsertAndTake(1, "a");
        Assert.Null(_level.NextByAge());

        Assert.Same(first, LaneOf(2, "a"));
        Assert.Same(first, _level.NextByTurn());
        Assert.Same(first, _level.NextByAge());
    }

    [Fact]
    public void Next_TheLaneOfThoseWithoutAKey_IsAlwaysTheSame()
    {
        Lane first = InsertAndTake(1, key: null);
        Assert.Null(_level.NextByTurn());
        Assert.Null(_level.NextByAge());

        Assert.Same(first, LaneOf(2, key: null));
    }

    [Fact]
    public void Remove_FewKeys_KeepsTheirLanes()
    {
        QueuedItem[] items = Insert(32);
        Array.ForEach(items, _level.Remove);

        AssertKept(items);
    }

    [Fact]
    public void Remove_MoreThanAFewKeys_ForgetsTheirLanesOnceTheyAreTheMost()
    {
        QueuedItem[] items = Insert(33);
        Array.ForEach(items[..16], _level.Remove);
        AssertKept(items[..16]);

        _level.Remove(items[16]);
        AssertForgotten(items[..17]);
    }

    [Fact]
    public void Remove_HalfOfManyKeys_KeepsTheirLanes()
    {
        QueuedItem[] items = Insert(80);
        Array.ForEach(items[..40], _level.Remove);
        AssertKept(items[..40]);

        _level.Remove(items[40]);
        AssertForgotten(items[..41]);
        Assert.Equal([.. Sequences(42, 39), .. Sequences(1, 41)], TakeAll(level => level.NextByTurn()));
    }

    [Fact]
    public void Take_MostOfManyKeys_ForgetsTheirLanes()
    {
        QueuedItem[] items = Insert(80);
        Lane[] lanes = [.. items.Select(item => item.Place!)];
        for (int i = 0; i < 60; i++)
        {
            _level.Take(_level.NextByTurn()!);
        }

        Assert.NotSame(lanes[0], LaneOf(1001, "key 1"));
        Assert.Same(lanes[79], LaneOf(1080, "key 80"));
    }

    [Fact]
    public void Remove_MostKeys_TheRestComesByAgeStill()
    {
        QueuedItem[] items = Insert(80);
        _level.Insert(QueuedItem.Of(1000));
        foreach (QueuedItem item in items.Where(item => item.Sequence % 3 != 0))
        {
            _level.Remove(item);
        }

        Assert.Equal([.. Sequences(1, 80).Where(sequence => sequence % 3 == 0), 1000], TakeAll(level => level.NextByAge()));
    }

    [Fact]
    public void Remove_AllKeys_TheLaneOfThoseWithoutOneIsThereStill()
    {
        QueuedItem keyless = QueuedItem.Of(1000);
        _level.Insert(keyless);
        Lane? lane = keyless.Place;
        _level.Remove(keyless);
        Array.ForEach(Insert(80), _level.Remove);

        Assert.Same(lane, LaneOf(1001, key: null));
        Assert.Same(lane, _level.NextByTurn());
        Assert.Same(lane, _level.NextByAge());
    }

    // A task that returns into its lane finds its old place there.
    private void AssertKept(QueuedItem[] items)
    {
        foreach (QueuedItem item in items)
        {
            Lane? lane = item.Place;
            _level.Insert(item);
            Assert.Same(lane, item.Place);
            _level.Remove(item);
        }
    }

    private void AssertForgotten(QueuedItem[] items)
    {
        foreach (QueuedItem item in items)
        {
            Lane? lane = item.Place;
            _level.Insert(item);
            Assert.NotSame(lane, item.Place);
        }
    }

    private static IEnumerable<long> Sequences(int first, int count) => Enumerable.Range(first, count).Select(sequence => (long)sequence);

    private long[] TakeAll(Func<Level, Lane?> next) => [.. Enumerable.Range(0, _level.Ready).Select(_ => _level.Take(next(_level)!).Sequence)];

    private QueuedItem[] Insert(int count)
    {
        QueuedItem[] items = [.. Sequences(1, count).Select(sequence => QueuedItem.Of(sequence, $"key {sequence}"))];
        Array.ForEach(items, _level.Insert);
        return items;
    }

    private Lane InsertAndTake(long sequence, string? key)
    {
        Lane lane = LaneOf(sequence, key);
        _level.Take(_level.NextByTurn()!);
        return lane;
    }

    private Lane LaneOf(long sequence, string? key)
    {
        QueuedItem item = QueuedItem.Of(sequence, key);
        _level.Insert(item);
        return item.Place!;
    }
}
