using TaskManager.Storage;
using static TaskManager.Tests.Core.Storage.Entries;

namespace TaskManager.Tests.Core.Storage;

public sealed class FinishedTasksTests
{
    private readonly FinishedTasks _finished = new();

    [Fact]
    public void Oldest_NoneHasEnded_IsNone()
    {
        Assert.Null(_finished.Oldest(At(0)));
        Assert.Equal(0, _finished.Count);
    }

    [Fact]
    public void Oldest_SeveralHaveEnded_IsTheFirstWithItsAge()
    {
        TaskEntry[] entries = [.. Enumerable.Range(1, 3).Select(i => Cancel(Create(i)))];
        _finished.Add(entries[2], At(10));
        _finished.Add(entries[0], At(20));
        _finished.Add(entries[1], At(30));

        Assert.Equal((entries[2], TimeSpan.FromSeconds(50)), _finished.Oldest(At(60)));
        Assert.Equal((entries[2], TimeSpan.Zero), _finished.Oldest(At(10))); // looking takes nothing away
        Assert.Equal(3, _finished.Count);
    }

    [Fact]
    public void Oldest_RemovedRetriedAndOverdueTasks_ArePassedOver()
    {
        TaskEntry[] entries = [.. Enumerable.Range(1, 4).Select(i => Cancel(Create(i)))];
        Array.ForEach(entries, entry => _finished.Add(entry, At(10)));
        entries[0].IsRemoved = true;
        Move(entries[1], LifecycleEvent.Retry());
        entries[2].Ties = new DependencyTies();
        _finished.Leave(entries[0]);
        _finished.Leave(entries[1]);
        _finished.PutOff(entries[2]);

        Assert.Equal((entries[3], TimeSpan.FromSeconds(5)), _finished.Oldest(At(15)));
        Assert.Equal(1, _finished.Count);
    }

    [Fact]
    public void Leave_TaskThatWasPutOff_IsNotCountedTwice()
    {
        TaskEntry putOff = Cancel(Create(1));
        putOff.Ties = new DependencyTies();
        _finished.Add(putOff, At(10));
        _finished.Add(Cancel(Create(2)), At(20));
        _finished.PutOff(putOff);

        _finished.PutOff(putOff);
        Assert.Equal((1, true), (_finished.Count, putOff.Ties.IsOverdue));
        _finished.Leave(putOff);

        Assert.Equal((1, false), (_finished.Count, putOff.Ties.IsOverdue));
    }

    [Fact]
    public void Oldest_TaskThatEndedAgain_StandsAtItsLastEnd()
    {
        TaskEntry again = Cancel(Create(1));
        TaskEntry other = Cancel(Create(2));
        _finished.Add(again, At(10));
        _finished.Add(other, At(20));
        Move(again, LifecycleEvent.Retry());
        _finished.Leave(again);
        _finished.Add(Cancel(again), At(30));

        Assert.Equal((other, TimeSpan.FromSeconds(20)), _finished.Oldest(At(40)));
        other.IsRemoved = true;
        Assert.Equal((again, TimeSpan.FromSeconds(10)), _finished.Oldest(At(40)));
    }

    [Fact]
    public void Add_TaskThatEndsAgainAndAgain_DoesNotFillTheMemory()
    {
        TaskEntry kept = Cancel(Create(1));
        _finished.Add(kept, At(1));
        TaskEntry restless = Cancel(Create(2));
        var statuses = new List<WeakReference>();

        _finished.Add(restless, At(2));
        for (int i = 0; i < 20_000; i++)
        {
            statuses.Add(new WeakReference(restless.Status));
            Move(restless, LifecycleEvent.Retry());
            _finished.Leave(restless);
            _finished.Add(Cancel(restless), At(2)); // behind the kept one, so that its empty places never come up
        }

        GC.Collect();
        Assert.InRange(statuses.Count(status => status.IsAlive), 0, 4_200);
        Assert.Equal(kept, _finished.Oldest(At(3))!.Value.Entry);
        kept.IsRemoved = true;
        _finished.Leave(kept);
        Assert.Equal(restless, _finished.Oldest(At(3))!.Value.Entry);
    }
}
