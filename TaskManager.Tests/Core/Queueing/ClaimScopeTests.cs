using TaskManager.Queueing;
using static TaskManager.Tests.Core.Definitions;

namespace TaskManager.Tests.Core.Queueing;

public sealed class ClaimScopeTests
{
    private readonly ReadySet _set = new();
    private readonly TypeQueue _red;
    private readonly TypeQueue _blue;
    private long _sequence;

    public ClaimScopeTests()
    {
        _red = _set.NewType(Type(name: "red"));
        _blue = _set.NewType(Type(name: "blue"));
    }

    [Fact]
    public void Take_OtherTypes_ArePassedOverHoweverUrgent()
    {
        Insert(_blue, TaskPriority.Critical);
        Insert(_red, TaskPriority.Low);
        ClaimScope red = ScopeOf("red");

        Assert.Same(_red, _set.Take(red, TimeSpan.Zero)!.Queue);
        Assert.Null(_set.Take(red, TimeSpan.Zero));
        Assert.Same(_blue, _set.Take(ScopeOf("blue", "red"), TimeSpan.Zero)!.Queue);
    }

    [Fact]
    public void Take_EachScope_CountsItsOwnEighth()
    {
        Insert(_red, TaskPriority.Low);
        for (int i = 0; i < 20; i++)
        {
            Insert(_red, TaskPriority.High);
            Insert(_blue, TaskPriority.High);
        }

        ClaimScope red = ScopeOf("red");
        ClaimScope blue = ScopeOf("blue");
        for (int i = 0; i < 7; i++)
        {
            Assert.Equal(TaskPriority.High, _set.Take(red, TimeSpan.Zero)!.Definition.Options.Priority);
            _set.Take(blue, TimeSpan.Zero);
        }

        Assert.Equal(TaskPriority.Low, _set.Take(red, TimeSpan.Zero)!.Definition.Options.Priority);
    }

    [Fact]
    public void UntilRateAllows_OfOtherTypes_IsNobodysWait()
    {
        TypeQueue limited = _set.NewType(Type(type => type.Rate = new TaskRate(1, TimeSpan.FromSeconds(5)), "green"));
        Insert(limited, TaskPriority.Normal);
        Insert(limited, TaskPriority.Normal);
        ClaimScope green = ScopeOf("green");
        green.Join(limited);
        Assert.NotNull(_set.Take(green, TimeSpan.Zero));

        Assert.Equal(TimeSpan.FromSeconds(5), _set.UntilRateAllows(green, TimeSpan.Zero));
        Assert.Null(_set.UntilRateAllows(ScopeOf("red"), TimeSpan.Zero));
    }

    private ClaimScope ScopeOf(params string[] names)
    {
        var scope = new ClaimScope(new TaskTypeSet(names));
        scope.Join(_red);
        scope.Join(_blue);
        return scope;
    }

    private void Insert(TypeQueue type, TaskPriority priority) => _set.Insert(new QueuedItem(Definitions.Task(new() { Priority = priority }, type.Type, ++_sequence), type));
}
