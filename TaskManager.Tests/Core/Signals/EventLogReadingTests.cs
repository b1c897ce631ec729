using TaskManager.Signals;
using static TaskManager.Tests.Core.Signals.EventSteps;

namespace TaskManager.Tests.Core.Signals;

public sealed class EventLogReadingTests
{
    private static readonly TaskWatchFilter Everything = new();

    private readonly EventLog _log = new(maxEvents: 1);
    private readonly TaskDefinition _task = Definition(1);

    [Theory]
    [InlineData(1, 1024)]
    [InlineData(1024, 1024)]
    [InlineData(1025, 2048)]
    [InlineData(4096, 4096)]
    public void TryRead_RingThatWentRound_KeepsThePowerOfTwo(int maxEvents, int kept)
    {
        var log = new EventLog(maxEvents);
        Fill(log, kept + 10);

        Assert.Equal((false, 9, 0), Read(log, after: 9, atMost: 5_000));
        Assert.Equal((true, kept + 10, kept), Read(log, after: 10, atMost: 5_000));
    }

    [Fact]
    public void TryRead_PlaceThatWasNeverGivenOut_IsLost()
    {
        Fill(_log, 3);
        Assert.Equal((true, 3, 0), Read(_log, after: 3));
        Assert.Equal((false, 4, 0), Read(_log, after: 4));
        Assert.Equal((false, long.MaxValue, 0), Read(_log, after: long.MaxValue));
    }

    [Fact]
    public void TryRead_FewAtATime_GivesEachOnceInOrder()
    {
        for (int i = 0; i < 10; i++)
        {
            AppendLog(_log, _task, $"{i}");
        }

        var events = new List<TaskEvent>();
        long place = 0;
        for (int turn = 1; turn <= 4; turn++)
        {
            Assert.True(_log.TryRead(ref place, Everything, events, atMost: 3));
            Assert.Equal(Math.Min(10, 3 * turn), place);
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), Describe(events));
        Assert.Equal(Enumerable.Range(1, 10).Select(i => new TaskEventId(_log.Process, i)), events.Select(e => e.Id));
    }

    [Fact]
    public void TryRead_Filtered_GivesWhatMatchesAllOfItAndMovesOnBehindTheRest()
    {
        TaskDefinition other = Definition(2, TestTypes.Other);
        AppendStatus(_log, _task, TaskState.Queued, TaskState.Processing);
        AppendStatus(_log, other, TaskState.Queued, TaskState.Failed);
        AppendLog(_log, _task, "line");

        Assert.Equal(["queued", "processing", "line"], ReadAll(new TaskWatchFilter { TaskIds = [_task.Id] }));
        Assert.Equal(["queued", "failed"], ReadAll(new TaskWatchFilter { TaskTypes = ["other", "OTHER"] }));
        Assert.Empty(ReadAll(new TaskWatchFilter { TaskTypes = ["PLAIN"] }));
        Assert.Equal(["queued", "queued", "failed"], ReadAll(new TaskWatchFilter { States = [TaskState.Queued, TaskState.Failed] }));
        Assert.Equal(["queued"], ReadAll(new TaskWatchFilter { TaskTypes = ["other"], States = [TaskState.Queued] }));
        Assert.Empty(ReadAll(new TaskWatchFilter { TaskIds = [_task.Id], TaskTypes = ["other"] }));
    }

    [Fact]
    public void TryReadTask_AfterAPlace_GivesWhatLiesBehindIt()
    {
        AppendStatus(_log, _task, TaskState.Queued, TaskState.Processing, TaskState.Completed);

        Assert.Equal(["processing", "completed"], Describe(ReadTask(_log, _task, after: 1)));
        Assert.Empty(ReadTask(_log, _task, after: 3));
        Assert.False(_log.TryReadTask(_task, 4, [], int.MaxValue, out _));
    }

    [Fact]
    public void TryReadTask_TasksOfTheSameChain_AreToldApart()
    {
        TaskDefinition mate = Definition(1 + Capacity);
        AppendStatus(_log, _task, TaskState.Queued);
        AppendStatus(_log, mate, TaskState.Queued, TaskState.Cancelled);
        AppendStatus(_log, _task, TaskState.Processing);
        AppendStatus(_log, mate, TaskState.Queued, TaskState.Failed);

        Assert.Equal(["queued", "processing"], Describe(ReadTask(_log, _task)));
        Assert.Equal(["queued", "cancelled", "queued", "failed"], Describe(ReadTask(_log, mate)));
        Assert.False(HasEnded(_log, _task));
        Assert.True(HasEnded(_log, mate));
    }

    [Fact]
    public void TryReadTask_RingThatWentRound_GivesWhatIsKept()
    {
        AppendStatus(_log, _task, TaskState.Queued, TaskState.Processing);
        Fill(_log, Capacity - 1);

        Assert.Equal(["processing"], Describe(ReadTask(_log, _task)));
        Assert.Equal(["processing"], Describe(ReadTask(_log, _task, after: 1)));
        Fill(_log, 1);
        Assert.Empty(ReadTask(_log, _task));
        Assert.False(_log.TryReadTask(_task, 1, [], int.MaxValue, out _));
    }

    [Fact]
    public void TryReadTask_RingThatWentRoundOnOthersEvents_LosesNothing()
    {
        AppendStatus(_log, _task, TaskState.Queued, TaskState.Processing);
        Fill(_log, Capacity + 5);
        Assert.Empty(ReadTask(_log, _task, after: 2));

        AppendStatus(_log, _task, TaskState.Completed);

        Assert.Equal(["completed"], Describe(ReadTask(_log, _task, after: 2)));
        Assert.False(_log.TryReadTask(_task, 1, [], int.MaxValue, out _)); // the second is kept no more
    }

    [Fact]
    public void TryReadTask_HasEnded_IsWhatTheLastKeptEventKnows()
    {
        Assert.Null(HasEnded(_log, _task));
        AppendStatus(_log, _task, TaskState.Processing);
        Assert.False(HasEnded(_log, _task));
        AppendLog(_log, _task, "line");
        Fill(_log, Capacity - 1);
        Assert.False(HasEnded(_log, _task)); // only the line is kept, which knows it
        AppendStatus(_log, _task, TaskState.Completed);
        Assert.True(HasEnded(_log, _task));
        Fill(_log, Capacity);
        Assert.Null(HasEnded(_log, _task));
        AppendLog(_log, _task, "late");
        Assert.Null(HasEnded(_log, _task));
    }

    [Fact]
    public void TryReadTask_LostPlace_StillSaysWhetherTheTaskHasEnded()
    {
        AppendStatus(_log, _task, TaskState.Queued, TaskState.Processing);
        Fill(_log, Capacity + 5);
        AppendStatus(_log, _task, TaskState.Completed);

        Assert.False(_log.TryReadTask(_task, 1, [], int.MaxValue, out bool? hasEnded));
        Assert.True(hasEnded);
    }

    private static (bool IsKept, long Place, int Count) Read(EventLog log, long after, int atMost = 100)
    {
        var events = new List<TaskEvent>();
        bool isKept = log.TryRead(ref after, Everything, events, atMost);
        return (isKept, after, events.Count);
    }

    private string[] ReadAll(TaskWatchFilter filter)
    {
        var events = new List<TaskEvent>();
        long place = 0;
        Assert.True(_log.TryRead(ref place, filter, events, atMost: 100));
        Assert.Equal(_log.Last, place);
        return Describe(events);
    }
}
