using TaskManager.Queueing;
using static TaskManager.Tests.Core.Definitions;

namespace TaskManager.Tests.Core.Queueing;

public sealed class TypeQueuesTests
{
    private readonly TypeQueues _queues = new(new ReadySet());

    [Fact]
    public void Of_SameTypeAgain_IsTheSameQueue()
    {
        TaskType red = Type(name: "red");
        Assert.Null(_queues.Find(red));

        TypeQueue first = _queues.Of(red);

        Assert.Same(first, _queues.Of(red));
        Assert.Same(first, _queues.Find(red));
        Assert.Same(first, Assert.Single(_queues.All));
    }

    [Fact]
    public void ScopeOf_TypesKnownBeforeAndAfter_IncludesItsOwn()
    {
        TypeQueue before = _queues.Of(Type(name: "red"));
        ClaimScope scope = _queues.ScopeOf(new TaskTypeSet(["red", "blue"]));
        TypeQueue after = _queues.Of(Type(name: "blue"));
        TypeQueue other = _queues.Of(Type(name: "green"));

        Assert.Equal((true, true, false), (scope.Includes(before), scope.Includes(after), scope.Includes(other)));
    }

    [Fact]
    public void ScopeOf_AsManyAsAreRemembered_ForgetsThemAll()
    {
        ClaimScope first = _queues.ScopeOf(new TaskTypeSet(["0"]));
        for (int i = 1; i < TypeQueues.MaxScopes; i++)
        {
            _queues.ScopeOf(new TaskTypeSet([$"{i}"]));
        }

        Assert.Same(first, _queues.ScopeOf(new TaskTypeSet(["0"])));
        _queues.ScopeOf(new TaskTypeSet(["one more"]));

        Assert.NotSame(first, _queues.ScopeOf(new TaskTypeSet(["0"])));
    }
}
