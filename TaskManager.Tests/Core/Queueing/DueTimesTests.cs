using static TaskManager.Tests.Core.Definitions;

namespace TaskManager.Tests.Core.Queueing;

public sealed class DueTimesTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private readonly SleepingTasks _tasks = new();

    [Fact]
    public void TakeDue_Empty_IsNone()
    {
        Assert.Null(_tasks.TakeDue(At(0)));
        Assert.Null(_tasks.Due.UntilNext(At(0)));
        Assert.Equal(0, _tasks.Due.Count);
    }

    [Fact]
    public void TakeDue_ADelay_ComesAtItsVeryTickByTheSteadyClock()
    {
        Sleeper sleeper = _tasks.Add(At(0), dueAt: 10);
        var almost = new ClockReading(At(999).Utc, At(10).Elapsed - Tick);

        Assert.Null(_tasks.TakeDue(almost));
        Assert.Equal(Tick, _tasks.Due.UntilNext(almost));
        Assert.Equal(1, _tasks.Due.Count);
        Assert.Same(sleeper, _tasks.TakeDue(At(10, wall: -999)));
        Assert.Null(_tasks.TakeDue(At(10)));
        Assert.Equal(0, _tasks.Due.Count);
    }

    [Fact]
    public void TakeDue_AMoment_ComesAtItsVeryTickByTheWallClock()
    {
        Sleeper sleeper = _tasks.Add(At(0), runAt: At(10).Utc);
        var almost = new ClockReading(At(10).Utc - Tick, At(999).Elapsed);

        Assert.Null(_tasks.TakeDue(almost));
        Assert.Equal(Tick, _tasks.Due.UntilNext(almost));
        Assert.Same(sleeper, _tasks.TakeDue(At(0, wall: 10)));
        Assert.Null(_tasks.TakeDue(At(10)));
    }

    [Fact]
    public void TakeDue_Several_ComeInTheOrderOfTheirTimes()
    {
        _tasks.Add(At(0), dueAt: 30);
        _tasks.Add(At(0), dueAt: 10);
        _tasks.Add(At(0), dueAt: 20);
        _tasks.Add(At(0), runAt: At(15).Utc);
        _tasks.Add(At(0), runAt: At(5).Utc);

        Assert.Equal([10, 20], TakeAll(At(20, wall: 0)).Select(sleeper => sleeper.Status.DueAt.TotalSeconds));
        Assert.Equal([At(5).Utc, At(15).Utc], TakeAll(At(20, wall: 20)).Select(sleeper => sleeper.Definition.Options.RunAt!.Value));
        Assert.Equal(1, _tasks.Due.Count);
    }

    [Fact]
    public void TakeDue_TheWallClockJumps_MovesMomentsAndNoDelays()
    {
        _tasks.Add(At(0), dueAt: 60);
        Sleeper moment = _tasks.Add(At(0), runAt: At(60).Utc);

        Assert.Equal(TimeSpan.FromSeconds(50), _tasks.Due.UntilNext(At(10, wall: 10 - 3600)));
        Assert.Empty(TakeAll(At(59, wall: 59 - 3600)));
        Assert.Same(moment, Assert.Single(TakeAll(At(10, wall: 10 + 3600))));
        Assert.Equal(TimeSpan.FromSeconds(49), _tasks.Due.UntilNext(At(11, wall: 11 + 3600)));
        Assert.Single(TakeAll(At(60, wall: 60 - 3600)));
    }

    [Theory]
    [InlineData(10, 20, 10)]
    [InlineData(20, 10, 10)]
    [InlineData(10, 10, 10)]
    [InlineData(10, null, 10)]
    [InlineData(null, 10, 10)]
    public void UntilNext_DelayAndMoment_IsTheSooner(int? delay, int? moment, int expected)
    {
        if (delay is not null)
        {
            _tasks.Add(At(5), dueAt: 5 + delay.Value);
        }

        if (moment is not null)
        {
            _tasks.Add(At(5), runAt: At(5 + moment.Value).Utc);
        }

        Assert.Equal(TimeSpan.FromSeconds(expected), _tasks.Due.UntilNext(At(5)));
    }

    [Fact]
    public void Add_BackOffAndMoment_WaitsForTheOneAndThenTheOther()
    {
        Sleeper sleeper = _tasks.Add(At(0), dueAt: 10, runAt: At(60).Utc);

        Assert.Equal(TimeSpan.FromSeconds(10), _tasks.Due.UntilNext(At(0)));
        Assert.Same(sleeper, _tasks.Due.TakeDue(At(10)));
        _tasks.AddAgain(sleeper, At(10));

        Assert.Equal(1, _tasks.Due.Count);
        Assert.Equal(TimeSpan.FromSeconds(50), _tasks.Due.UntilNext(At(10)));
        Assert.Null(_tasks.TakeDue(At(59)));
        Assert.Same(sleeper, _tasks.TakeDue(At(60)));
    }

    [Fact]
    public void Add_DueAlready_ComesAtOnce()
    {
        Sleeper sleeper = _tasks.Add(At(10), dueAt: 10);

        Assert.Equal(TimeSpan.Zero, _tasks.Due.UntilNext(At(10)));
        Assert.Same(sleeper, _tasks.TakeDue(At(10)));
    }

    [Fact]
    public void Left_Any_IsPassedOver()
    {
        Sleeper[] sleepers = [_tasks.Add(At(0), dueAt: 10), _tasks.Add(At(0), runAt: At(20).Utc), _tasks.Add(At(0), dueAt: 30), _tasks.Add(At(0), runAt: At(40).Utc)];
        _tasks.Leave(sleepers[0]);
        _tasks.Leave(sleepers[1]);

        Assert.Equal(2, _tasks.Due.Count);
        Assert.Equal(TimeSpan.FromSeconds(30), _tasks.Due.UntilNext(At(0)));
        Assert.Equal([sleepers[2], sleepers[3]], TakeAll(At(50)));
        Assert.Equal(0, _tasks.Due.Count);
        Assert.Null(_tasks.Due.UntilNext(At(50)));
    }

    [Fact]
    public void Left_AndAddedAnew_ComesOnceAtItsNewTime()
    {
        Sleeper sleeper = _tasks.Add(At(0), dueAt: 10);
        _tasks.Leave(sleeper);
        _tasks.Return(sleeper, At(5), dueAt: 20);

        Assert.Equal(1, _tasks.Due.Count);
        Assert.Null(_tasks.TakeDue(At(19)));
        Assert.Equal([sleeper], TakeAll(At(20)));
    }

    [Fact]
    public void TakeDue_TheEndsOfTime_AreNoTrouble()
    {
        Sleeper moment = _tasks.Add(At(0), runAt: DateTimeOffset.MaxValue);
        Sleeper delay = _tasks.Add(At(0), dueAt: TimeSpan.MaxValue);

        Assert.Equal(DateTimeOffset.MaxValue - At(3).Utc, _tasks.Due.UntilNext(At(3)));
        Assert.Null(_tasks.TakeDue(new ClockReading(DateTimeOffset.MaxValue - Tick, TimeSpan.MaxValue - Tick)));
        Assert.Same(delay, _tasks.TakeDue(new ClockReading(At(0).Utc, TimeSpan.MaxValue)));
        Assert.Same(moment, _tasks.TakeDue(new ClockReading(DateTimeOffset.MaxValue, TimeSpan.Zero)));
    }

    [Fact]
    public void UntilNext_SixtyDays_IsSixtyDays()
    {
        _tasks.Add(At(0), dueAt: TimeSpan.FromDays(60));

        Assert.Equal(TimeSpan.FromDays(60), _tasks.Due.UntilNext(At(0)));
    }

    private List<Sleeper> TakeAll(ClockReading now)
    {
        List<Sleeper> taken = [];
        while (_tasks.TakeDue(now) is { } sleeper)
        {
            taken.Add(sleeper);
        }

        return taken;
    }
}
