using System.Runtime.CompilerServices;
using TaskManager.Queueing;

namespace TaskManager.Tests.Core.Queueing;

/// <summary>What keys leave behind is bounded, however many come and go.</summary>
public sealed class LevelBoundTests
{
    private readonly Level _level = new(new FairnessRotation());

    [Fact]
    public void Take_AKeyForEachTaskWithTheOldestNeverAsked_LeavesFewLanesBehind() =>
        AssertFewAlive(InsertOneByOne(10_000, _ => _level.Take(_level.NextByTurn()!)));

    [Fact]
    public void Remove_AKeyForEachTask_LeavesFewLanesBehind() => AssertFewAlive(InsertOneByOne(10_000, _level.Remove));

    [Fact]
    public void Insert_OneReturnsAgainAndAgain_LeavesLittleBehind()
    {
        QueuedItem old = QueuedItem.Of(1);
        _level.Insert(QueuedItem.Of(2, "key")); // lets nobody look at what stands behind it
        _level.Insert(QueuedItem.Of(3));
        int wrong = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100_000; i++)
        {
            _level.Insert(old);
            wrong += _level.NextByAge()!.Head() == old ? 0 : 1;
            _level.Remove(old);
            wrong += _level.NextByAge()!.Head().Sequence == 2 ? 0 : 1;
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Equal(0, wrong);
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // so that no local of it keeps a lane alive
    private List<WeakReference> InsertOneByOne(int count, Action<QueuedItem> leave)
    {
        List<WeakReference> lanes = [];
        for (int sequence = 1; sequence <= count; sequence++)
        {
            QueuedItem item = QueuedItem.Of(sequence, $"key {sequence}");
            _level.Insert(item);
            lanes.Add(new WeakReference(item.Place));
            leave(item);
        }

        return lanes;
    }

    private void AssertFewAlive(List<WeakReference> lanes)
    {
        GC.Collect();
        Assert.InRange(lanes.Count(lane => lane.IsAlive), 0, 100);
        Assert.Equal(0, _level.Ready);
    }
}
