using TaskManager.Storage;
using static TaskManager.Tests.Core.Storage.Entries;

namespace TaskManager.Tests.Core.Storage;

public sealed class DependencyTiesTests
{
    private readonly DependencyTies _ties = new();

    [Fact]
    public void Add_DependantsThatWaitOrDoNot_CountsAllAndTellsThoseThatWait()
    {
        TaskEntry waits = Create(1);
        _ties.Add(waits, waits: true);
        _ties.Add(Create(2), waits: false);

        Assert.Equal(2, _ties.UnfinishedDependants);
        Assert.Equal([waits], _ties.TakeWaiting());
        Assert.Empty(_ties.TakeWaiting()); // each is told once
    }

    [Fact]
    public void DependantEnded_OneByOne_KnowsTheLast()
    {
        _ties.Add(Create(1), waits: true);
        _ties.Add(Create(2), waits: true);

        Assert.False(_ties.DependantEnded());
        Assert.True(_ties.DependantEnded());
        Assert.Equal(0, _ties.UnfinishedDependants);
    }

    [Fact]
    public void Add_ManyComeAndEndBeforeTheParentDoes_ForgetsTheEnded()
    {
        TaskEntry stays = Create(1);
        _ties.Add(stays, waits: true);
        for (int i = 2; i < 10_000; i++)
        {
            TaskEntry goes = Create(i);
            _ties.Add(goes, waits: true);
            Cancel(goes);
            _ties.DependantEnded();
        }

        IReadOnlyList<TaskEntry> waiting = _ties.TakeWaiting();
        Assert.InRange(waiting.Count, 1, 100);
        Assert.Same(stays, waiting[0]);
    }
}
