using TaskManager.Storage;
using static TaskManager.Tests.Core.Storage.Entries;

namespace TaskManager.Tests.Core.Storage;

/// <summary>The work list; what it comes to for tasks is in the contract of the store.</summary>
public sealed class DependencyGraphTests
{
    private readonly DependencyGraph _graph = new();

    [Fact]
    public void TryTake_SeveralParentsEnded_TellsTheDependantsOfTheFirstFirst()
    {
        TaskEntry[] parents = [Create(1), Create(2)];
        TaskEntry[] children = [.. Enumerable.Range(3, 4).Select(i => Create(i))];
        DependencyGraph.Tie(children[0], [parents[0]]);
        DependencyGraph.Tie(children[1], [parents[1]]);
        DependencyGraph.Tie(children[2], parents);
        Assert.False(_graph.HasWork);

        Assert.Empty(_graph.Ended(Complete(parents[0])));
        Assert.Empty(_graph.Ended(Cancel(parents[1])));

        Assert.True(_graph.HasWork);
        Assert.Equal(
            [(3, LifecycleEventKind.ParentCompleted), (5, LifecycleEventKind.ParentCompleted), (4, LifecycleEventKind.ParentFailed), (5, LifecycleEventKind.ParentFailed)],
            TakeAll());
        Assert.False(_graph.HasWork);
    }

    [Fact]
    public void Ended_TaskWithoutTies_IsNoWork()
    {
        Assert.Empty(_graph.Ended(Complete(Create(1))));
        TaskEntry childless = Create(2);
        childless.Ties = new DependencyTies();
        Assert.Empty(_graph.Ended(Complete(childless)));

        Assert.False(_graph.HasWork);
    }

    [Fact]
    public void Ended_LastDependant_GivesTheParentsThatWaitedForIt()
    {
        TaskEntry[] parents = [Complete(Create(1)), Complete(Create(2)), Complete(Create(3))];
        TaskEntry child = Create(4);
        TaskEntry other = Create(5);
        DependencyGraph.Tie(child, parents);
        DependencyGraph.Tie(other, [parents[2]]);
        parents[0].Ties!.IsOverdue = true;
        parents[2].Ties!.IsOverdue = true;

        Assert.Equal([parents[0]], _graph.Ended(Cancel(child)));
        Assert.Equal([parents[2]], _graph.Ended(Cancel(other)));
    }

    [Fact]
    public void Tie_ATaskBornEnded_KeepsNoneOfItsParents()
    {
        TaskEntry parent = Complete(Create(1));

        DependencyGraph.Tie(Cancel(Create(2)), [parent]);

        Assert.Null(parent.Ties);
    }

    private List<(long Sequence, LifecycleEventKind Told)> TakeAll()
    {
        var told = new List<(long, LifecycleEventKind)>();
        while (_graph.TryTake(out TaskEntry dependant, out LifecycleEvent change))
        {
            told.Add((dependant.Sequence, change.Kind));
        }

        return told;
    }
}
