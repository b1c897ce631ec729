using TaskManager.Queueing;

namespace TaskManager.Tests.Core.Queueing;

/// <summary>What is left behind in a lane is bounded: more than 32 empty places go once they are the most.</summary>
public sealed class LaneBoundTests
{
    private readonly Lane _lane = new(key: null);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Remove_FewEmptyPlaces_KeepsThem(bool returned)
    {
        QueuedItem[] items = Insert(33, returned);
        Array.ForEach(items[..32], _lane.Remove);
        Assert.All(items, item => Assert.Same(_lane, item.Place));

        _lane.Remove(items[32]);
        Assert.All(items[..33], item => Assert.Null(item.Place));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Remove_FewerThanAreReady_KeepsThem(bool returned)
    {
        QueuedItem[] items = Insert(80, returned);
        foreach (QueuedItem item in items[40..])
        {
            _lane.Remove(item);
        }

        Assert.All(items, item => Assert.Same(_lane, item.Place)); // 40 and 40

        _lane.Remove(items[39]);
        Assert.All(items[..39], item => Assert.Same(_lane, item.Place));
        Assert.All(items[39..], item => Assert.Null(item.Place));
        Assert.Equal(Enumerable.Range(1, 39).Select(sequence => (long)sequence), TakeAll());
    }

    [Fact]
    public void Remove_AfterADropOfBothQueues_KeepsTheOrderAndCountsAnew()
    {
        QueuedItem[] appended = Insert(40, returned: false, first: 101);
        QueuedItem[] returned = Insert(40, returned: true);
        QueuedItem[] all = [.. returned, .. appended];
        QueuedItem[] removed = [.. all.Where(item => item.Sequence % 2 == 0)];
        Array.ForEach(removed, _lane.Remove);
        _lane.Remove(all[0]); // 41 of 80 are empty
        Assert.All(removed, item => Assert.Null(item.Place));

        QueuedItem[] left = [.. all.Where(item => item.IsReady)];
        Array.ForEach(left[..32], _lane.Remove);
        Assert.All(left, item => Assert.Same(_lane, item.Place)); // 32 empty ones are few again
        Array.ForEach(removed, _lane.Insert);

        Assert.Equal(left[32..].Concat(removed).Select(item => item.Sequence).Order(), TakeAll());
    }

    [Fact]
    public void Insert_IntoItsOwnPlace_TakesItOffTheEmptyOnes()
    {
        QueuedItem[] items = Insert(32, returned: false);
        Array.ForEach(items, _lane.Remove);
        _lane.Insert(items[5]);
        _lane.Remove(items[5]);

        Assert.All(items, item => Assert.Same(_lane, item.Place));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Head_PastEmptyPlaces_TakesThemOffTheEmptyOnes(bool returned)
    {
        QueuedItem[] items = Insert(65, returned);
        Array.ForEach(items[..32], _lane.Remove);
        Assert.Equal(33, _lane.Head().Sequence);
        Array.ForEach(items[33..], _lane.Remove);

        Assert.All(items[33..], item => Assert.Same(_lane, item.Place));
        Assert.Equal([33L], TakeAll());
    }

    [Fact]
    public void Insert_IntoItsOwnPlaceAgainAndAgain_TakesNoMemory()
    {
        QueuedItem[] items = Insert(3, returned: false);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            _lane.Remove(items[1]);
            _lane.Insert(items[1]);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Remove_DropAfterDrop_LeavesLittleBehind()
    {
        QueuedItem[] items = Insert(80, returned: true);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 15; i++)
        {
            Array.ForEach(items[..41], _lane.Remove);
            Assert.All(items[..41], item => Assert.Null(item.Place));
            Array.ForEach(items[..41], _lane.Insert);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Equal(Enumerable.Range(1, 80).Select(sequence => (long)sequence), TakeAll());
    }

    [Theory]
    [InlineData(4096, false)]
    [InlineData(4097, true)]
    public void Take_TheLastOfABurst_GivesTheMemoryBackIfItWasLarge(int burst, bool givesBack)
    {
        Insert(burst, returned: false);
        TakeAll();
        QueuedItem next = QueuedItem.Of(burst + 1);

        long before = GC.GetAllocatedBytesForCurrentThread();
        _lane.Insert(next);
        Assert.Equal(givesBack, GC.GetAllocatedBytesForCurrentThread() > before); // it must grow anew
    }

    [Fact]
    public void Take_NotTheLastOfALargeBurst_LosesNone()
    {
        Insert(10_000, returned: false);

        Assert.Equal(Enumerable.Range(1, 10_000).Select(sequence => (long)sequence), TakeAll());
    }

    private QueuedItem[] Insert(int count, bool returned, int first = 1)
    {
        QueuedItem later = QueuedItem.Of(1_000_000);
        if (returned && _lane.Ready == 0)
        {
            _lane.Insert(later); // whoever comes after it goes through the heap
        }

        QueuedItem[] items = [.. Enumerable.Range(first, count).Select(sequence => QueuedItem.Of(sequence))];
        Array.ForEach(items, _lane.Insert);
        if (later.IsReady)
        {
            _lane.Remove(later);
            _lane.Head(); // drops its place
        }

        return items;
    }

    private long[] TakeAll() => [.. Enumerable.Range(0, _lane.Ready).Select(_ => _lane.Take().Sequence)];
}
