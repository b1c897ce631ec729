using TaskManager.Queueing;
using static TaskManager.Tests.Core.Definitions;

namespace TaskManager.Tests.Core.Queueing;

/// <summary>The rules of the order one by one; <see cref="ReadySetModelTests"/> has them all together.</summary>
public sealed class ReadySetTests
{
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(100);
    private readonly ScopedReadySet _set = new();
    private long _sequence;

    [Fact]
    public void Take_Empty_IsNone()
    {
        Assert.Null(_set.Take(Now));
        Assert.Null(_set.UntilRateAllows(Now));
    }

    [Fact]
    public void IsEmpty_WhatIsInsertedTakenAndRemoved_IsCounted()
    {
        TypeQueue type = _set.NewType(Type());
        Assert.True(_set.IsEmpty);
        Insert(type, TaskPriority.Low, TaskPriority.High);
        var third = new QueuedItem(Task(sequence: 3, type: type.Type), type);
        _set.Insert(third);

        Assert.False(_set.IsEmpty);
        _set.Remove(third);
        Assert.False(_set.IsEmpty);
        Assert.Equal([2], Take(1));
        Assert.False(_set.IsEmpty);
        Assert.Equal([1], Take(1));
        Assert.True(_set.IsEmpty);
    }

    [Fact]
    public void Take_AnyPriorities_HighestFirst()
    {
        TypeQueue type = _set.NewType(Type());
        Insert(type, TaskPriority.Low, TaskPriority.Critical, TaskPriority.Normal, TaskPriority.High, TaskPriority.Critical);

        Assert.Equal([2, 5, 4, 3, 1], Take(5));
    }

    [Fact]
    public void Take_EachEighth_IsTheOldestOfAnyPriority()
    {
        TypeQueue type = _set.NewType(Type());
        Insert(type, [.. Enumerable.Repeat(TaskPriority.Low, 3), .. Enumerable.Repeat(TaskPriority.Critical, 20)]);

        Assert.Equal([4, 5, 6, 7, 8, 9, 10, 1, 11, 12, 13, 14, 15, 16, 17, 2, 18, 19, 20, 21, 22, 23, 3], Take(23));
        Assert.Equal(8, ReadySet.OldestEvery);
    }

    [Fact]
    public void Take_NothingToTake_IsNoClaim()
    {
        TypeQueue type = _set.NewType(Type());
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Null(_set.Take(Now)));
        Insert(type, [.. Enumerable.Repeat(TaskPriority.Low, 2), .. Enumerable.Repeat(TaskPriority.Critical, 8)]);

        Assert.Equal([3, 4, 5, 6, 7, 8, 9, 1, 10, 2], Take(10));
    }

    [Fact]
    public void Take_TypeAtItsLimit_IsPassedOverEvenByTheEighth()
    {
        TypeQueue limited = _set.NewType(Type(type => type.MaxConcurrency = 1));
        TypeQueue free = _set.NewType(Type());
        limited.Counts[TaskState.Processing] = 1;
        Insert(limited, TaskPriority.Critical, TaskPriority.Low);
        Insert(free, [.. Enumerable.Repeat(TaskPriority.Low, 9)]);

        Assert.Equal(Enumerable.Range(3, 9).Select(sequence => (long)sequence), Take(9));
        Assert.Null(_set.Take(Now));
        Assert.Null(_set.UntilRateAllows(Now)); // no time helps it
        limited.Counts[TaskState.Processing] = 0;
        Assert.Equal([1, 2], Take(2));
    }

    [Fact]
    public void Take_TypeAtItsRate_IsPassedOverUntilItsTimeComes()
    {
        TypeQueue limited = _set.NewType(Type(type => type.Rate = new TaskRate(1, TimeSpan.FromSeconds(10))));
        TypeQueue free = _set.NewType(Type());
        Insert(limited, TaskPriority.Critical, TaskPriority.Critical);
        Insert(free, TaskPriority.Low, TaskPriority.Low);

        Assert.Equal([1, 3], Take(2));
        Assert.Equal(TimeSpan.FromSeconds(10), _set.UntilRateAllows(Now));
        Assert.Equal(4, _set.Take(Now + TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1))?.Sequence);
        Assert.Equal(2, _set.Take(Now + TimeSpan.FromSeconds(10))?.Sequence);
    }

    [Fact]
    public void Take_TypeAtItsRate_LetsThoseGoOnThatHaveBegun()
    {
        TypeQueue limited = _set.NewType(Type(type => type.Rate = new TaskRate(1, TimeSpan.FromSeconds(10))));
        Insert(limited, TaskPriority.Normal, TaskPriority.Normal, TaskPriority.Critical);
        Assert.Equal([3], Take(1));
        QueuedItem[] goingOn = [.. new[] { TaskPriority.Low, TaskPriority.Normal, TaskPriority.Normal }
            .Select(priority => new QueuedItem(Task(new SubmitOptions { Priority = priority }, limited.Type, ++_sequence), limited) { IsSuspended = true })];
        Array.ForEach(goingOn, _set.Insert);
        _set.Remove(goingOn[1]);

        Assert.Equal([6, 4], Take(2)); // past those of their keys that would begin
        Assert.Null(_set.Take(Now));
        Assert.Equal(TimeSpan.FromSeconds(10), _set.UntilRateAllows(Now));
        _set.Insert(goingOn[1]);
        Assert.Equal([5], Take(1));
        Assert.Equal(1, _set.Take(Now + TimeSpan.FromSeconds(10))?.Sequence);
        Assert.Equal(2, _set.Take(Now + TimeSpan.FromSeconds(20))?.Sequence);
    }

    [Fact]
    public void UntilRateAllows_SeveralTypes_IsTheSoonestThatIsReadyAndBelowItsLimit()
    {
        TypeQueue[] types = [.. new[] { 40, 10, 20, 5, 1 }.Select(seconds => _set.NewType(
            Type(type => (type.Rate, type.MaxConcurrency) = (new TaskRate(1, TimeSpan.FromSeconds(seconds)), seconds == 5 ? 1 : null))))];
        foreach (TypeQueue type in types)
        {
            Insert(type, TaskPriority.Normal);
            Take(1);
        }

        foreach (TypeQueue type in types[..4]) // of the last none is ready
        {
            Insert(type, TaskPriority.Normal);
        }

        types[3].Counts[TaskState.Processing] = 1;

        Assert.Equal(TimeSpan.FromSeconds(10), _set.UntilRateAllows(Now));
        Assert.Equal(TimeSpan.FromSeconds(3), _set.UntilRateAllows(Now + TimeSpan.FromSeconds(7)));
        Assert.Equal(TimeSpan.FromSeconds(10), _set.UntilRateAllows(Now + TimeSpan.FromSeconds(10))); // that one is free to go
    }

    [Fact]
    public void Take_OneKeyInTwoTypes_HasOneTurnAndGoesBySequence()
    {
        TypeQueue first = _set.NewType(Type());
        TypeQueue second = _set.NewType(Type());
        Insert(second, "a");
        Insert(first, "a", "b");
        Insert(second, "a", "b");

        Assert.Equal([1, 3, 2, 5, 4], Take(5));
    }

    [Fact]
    public void Take_KeyWhoseTypeIsAtItsLimit_KeepsItsTurn()
    {
        TypeQueue limited = _set.NewType(Type(type => type.MaxConcurrency = 1));
        TypeQueue free = _set.NewType(Type());
        Insert(limited, "a");
        Insert(free, "b", "b", "b");
        limited.Counts[TaskState.Processing] = 1;
        Assert.Equal([2, 3], Take(2));
        limited.Counts[TaskState.Processing] = 0;

        Assert.Equal([1, 4], Take(2));
    }

    [Fact]
    public void Remove_TheLastOfItsType_LeavesTheOthers()
    {
        TypeQueue first = _set.NewType(Type());
        TypeQueue second = _set.NewType(Type());
        QueuedItem removed = Insert(first, TaskPriority.Normal)[0];
        Insert(second, TaskPriority.Normal);
        _set.Remove(removed);

        Assert.Equal([2], Take(1));
        Assert.Null(_set.Take(Now));
        _set.Insert(removed);
        Assert.Equal([1], Take(1));
    }

    private QueuedItem[] Insert(TypeQueue type, params TaskPriority[] priorities) =>
        Insert(type, priorities.Select(priority => new SubmitOptions { Priority = priority }));

    private QueuedItem[] Insert(TypeQueue type, params string[] keys) => Insert(type, keys.Select(key => new SubmitOptions { FairnessKey = key }));

    private QueuedItem[] Insert(TypeQueue type, IEnumerable<SubmitOptions> options)
    {
        QueuedItem[] items = [.. options.Select(one => new QueuedItem(Task(one, type.Type, ++_sequence), type))];
        Array.ForEach(items, _set.Insert);
        return items;
    }

    private long[] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => _set.Take(Now)!.Sequence)];
}
