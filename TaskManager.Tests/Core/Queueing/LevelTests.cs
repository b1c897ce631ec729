using TaskManager.Queueing;

namespace TaskManager.Tests.Core.Queueing;

public sealed class LevelTests
{
    private readonly FairnessRotation _rotation = new();
    private readonly Level _level;

    public LevelTests() => _level = new Level(_rotation);

    [Fact]
    public void Next_Empty_IsNone()
    {
        Assert.Equal(0, _level.Ready);
        Assert.Null(_level.NextByTurn());
        Assert.Null(_level.NextByAge());
    }

    [Fact]
    public void NextByTurn_KeysWithAndWithoutManyTasks_TakeTurns()
    {
        Insert((1, "a"), (2, "a"), (3, "a"), (4, null), (5, null), (6, "b"));

        Assert.Equal([1, 4, 6, 2, 5, 3], TakeAll(level => level.NextByTurn()));
    }

    [Fact]
    public void NextByTurn_AKeyComesAgain_StandsBehindAllThatWait()
    {
        Insert((1, "a"), (2, "b"), (3, "b"), (4, "c"));
        Assert.Equal(1, Take(level => level.NextByTurn()));
        Insert((5, "a"));

        Assert.Equal([2, 4, 5, 3], TakeAll(level => level.NextByTurn()));
    }

    [Fact]
    public void NextByTurn_AKeyServedInAnotherType_HasHadItsTurn()
    {
        var other = new Level(_rotation);
        Insert((1, "a"), (2, "b"));
        other.Insert(QueuedItem.Of(3, "a"));
        other.Take(other.NextByTurn()!);

        Assert.Equal([2, 1], TakeAll(level => level.NextByTurn()));
    }

    [Fact]
    public void NextByTurn_AskedAgain_IsTheSame()
    {
        Insert((1, "a"), (2, "b"));

        Assert.Same(_level.NextByTurn(), _level.NextByTurn());
        Assert.Equal(2, _level.Ready);
    }

    [Fact]
    public void NextByAge_AnyKeys_GoesBySequenceAlone()
    {
        Insert((4, "b"), (1, "a"), (2, "a"), (3, null), (6, "c"), (5, null));

        Assert.Equal([1, 2, 3, 4, 5, 6], TakeAll(level => level.NextByAge()));
    }

    [Fact]
    public void NextByAge_OneReturnsWithAnOldSequence_ComesFirst()
    {
        Insert((5, "a"), (6, "b"));
        Assert.Equal(5, _level.NextByAge()!.Head().Sequence);
        Insert((2, "b"), (1, "b"));
        Assert.Equal(1, _level.NextByAge()!.Head().Sequence);
        Assert.Equal("b", _level.NextByAge()!.Key);

        Assert.Equal([1, 2, 5, 6], TakeAll(level => level.NextByAge()));
    }

    [Fact]
    public void Remove_Any_IsPassedOverByBoth()
    {
        QueuedItem[] items = Insert((1, "a"), (2, "a"), (3, "b"));
        _level.Remove(items[0]);
        _level.Remove(items[2]);

        Assert.Equal(1, _level.Ready);
        Assert.Equal((2, 2), (_level.NextByTurn()!.Head().Sequence, _level.NextByAge()!.Head().Sequence));
        _level.Remove(items[1]);
        Assert.Null(_level.NextByTurn());
        Assert.Null(_level.NextByAge());
    }

    [Fact]
    public void Take_ByTurnsAndByAgeMixed_EachTaskOnce()
    {
        Insert((1, "a"), (2, "b"), (3, "a"), (4, "b"), (5, null), (6, null), (7, "c"));
        List<long> taken = [];
        for (int i = 0; _level.Ready > 0; i++)
        {
            taken.Add(Take(level => i % 2 == 0 ? level.NextByTurn() : level.NextByAge()));
        }

        // By turn a; the oldest, b; by turn none; the oldest, a again; by turn c; and so on.
        Assert.Equal([1, 2, 5, 3, 7, 4, 6], taken);
    }

    private QueuedItem[] Insert(params (long Sequence, string? Key)[] tasks)
    {
        QueuedItem[] items = [.. tasks.Select(task => QueuedItem.Of(task.Sequence, task.Key))];
        Array.ForEach(items, _level.Insert);
        return items;
    }

    private long Take(Func<Level, Lane?> next) => _level.Take(next(_level)!).Sequence;

    private long[] TakeAll(Func<Level, Lane?> next) => [.. Enumerable.Range(0, _level.Ready).Select(_ => Take(next))];
}
