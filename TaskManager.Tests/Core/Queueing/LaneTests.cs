using TaskManager.Queueing;

namespace TaskManager.Tests.Core.Queueing;

public sealed class LaneTests
{
    private readonly Lane _lane = new("key");

    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(1, 50)];

    [Fact]
    public void Constructor_New_IsEmptyAndInNoHeap()
    {
        Assert.Equal(("key", 0, false, long.MaxValue), (_lane.Key, _lane.Ready, _lane.IsInTurns, _lane.AgeKey));
        Assert.Null(new Lane(key: null).Key);
    }

    [Fact]
    public void Insert_Any_MarksTheTaskAndGivesItAPlace()
    {
        QueuedItem item = QueuedItem.Of(1);
        _lane.Insert(item);

        Assert.True(item.IsReady);
        Assert.Same(_lane, item.Place);
        Assert.Equal(1, _lane.Ready);
    }

    [Fact]
    public void Take_Any_UnmarksTheTaskAndTakesItsPlaceAway()
    {
        QueuedItem item = Insert(1)[0];

        Assert.Same(item, _lane.Take());
        Assert.False(item.IsReady);
        Assert.Null(item.Place);
        Assert.Equal(0, _lane.Ready);
    }

    [Fact]
    public void Remove_Any_UnmarksTheTaskAndKeepsItsPlace()
    {
        QueuedItem item = Insert(1)[0];
        _lane.Remove(item);

        Assert.False(item.IsReady);
        Assert.Same(_lane, item.Place);
        Assert.Equal(0, _lane.Ready);
    }

    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(3, 2, 1)]
    [InlineData(2, 3, 1)]
    [InlineData(2, 1, 3)]
    [InlineData(3, 1, 2)]
    public void Take_InsertedInAnyOrder_ComesBySequence(params int[] sequences)
    {
        Insert(sequences);

        Assert.Equal([1, 2, 3], TakeAll());
    }

    [Fact]
    public void Insert_IntoALaneThatRanEmpty_BeginsAnew()
    {
        Insert(10);
        _lane.Take();
        Insert(5, 7, 6, 8);

        Assert.Equal([5, 6, 7, 8], TakeAll());
    }

    [Fact]
    public void Insert_AgainIntoItsOwnPlace_ComesOnceAndInOrder()
    {
        QueuedItem[] items = Insert(1, 2, 3);
        for (int i = 0; i < 100; i++)
        {
            _lane.Remove(items[1]);
            _lane.Insert(items[1]);
        }

        Assert.Equal(3, _lane.Ready);
        Assert.Equal([1, 2, 3], TakeAll());
    }

    [Fact]
    public void Insert_AgainAfterItsPlaceWasDropped_ComesOnceAndInOrder()
    {
        QueuedItem[] items = Insert(1, 2, 3, 4);
        _lane.Remove(items[0]);
        _lane.Remove(items[1]);
        Assert.Equal(3, _lane.Head().Sequence);
        Assert.Null(items[0].Place);

        _lane.Insert(items[1]);
        _lane.Insert(items[0]);

        Assert.Equal([1, 2, 3, 4], TakeAll());
    }

    [Fact]
    public void Head_EmptyPlacesAheadInBothQueues_LooksPastThem()
    {
        QueuedItem[] items = Insert(10, 11, 12, 5, 6, 7); // three appended, three returned
        foreach (QueuedItem item in items.Where(item => item.Sequence is 10 or 5))
        {
            _lane.Remove(item);
        }

        Assert.Equal(6, _lane.Head().Sequence);
        Assert.Equal(6, _lane.Head().Sequence); // a look takes nothing
        Assert.Equal([6, 7, 11, 12], TakeAll());
    }

    [Fact]
    public void Take_EmptyPlacesAheadInBothQueues_LooksPastThem()
    {
        QueuedItem[] items = Insert(10, 11, 5, 6);
        _lane.Remove(items[0]);
        _lane.Remove(items[2]);

        Assert.Equal([6, 11], TakeAll());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Take_RandomOperations_AgreesWithASortedSet(int seed)
    {
        Random random = new(seed);
        List<QueuedItem> away = [];
        List<QueuedItem> ready = [];
        long sequence = 0;
        for (int i = 0; i < 2_000; i++)
        {
            switch (random.Next(i / 300 % 2 == 0 ? 6 : 9)) // growing and shrinking by turns
            {
                case 0 or 1 or 2:
                    Enter(QueuedItem.Of(++sequence));
                    break;
                case 3 when away.Count > 0:
                    QueuedItem returned = away[random.Next(away.Count)];
                    away.Remove(returned);
                    Enter(returned);
                    break;
                case 4 or 5 or 6 when ready.Count > 0:
                    QueuedItem removed = ready[random.Next(ready.Count)];
                    _lane.Remove(removed);
                    Leave(removed);
                    break;
                case 7 or 8 when ready.Count > 0:
                    Assert.Same(ready.MinBy(item => item.Sequence), _lane.Head());
                    var taken = (QueuedItem)_lane.Take();
                    Assert.Same(ready.MinBy(item => item.Sequence), taken);
                    Leave(taken);
                    break;
            }

            Assert.Equal(ready.Count, _lane.Ready);
        }

        void Enter(QueuedItem item)
        {
            _lane.Insert(item);
            ready.Add(item);
        }

        void Leave(QueuedItem item)
        {
            ready.Remove(item);
            away.Add(item);
        }
    }

    private QueuedItem[] Insert(params int[] sequences)
    {
        QueuedItem[] items = [.. sequences.Select(sequence => QueuedItem.Of(sequence))];
        Array.ForEach(items, _lane.Insert);
        return items;
    }

    private long[] TakeAll() => [.. Enumerable.Range(0, _lane.Ready).Select(_ => _lane.Take().Sequence)];
}
