using TaskManager.Signals;
using static TaskManager.Tests.Core.Signals.EventSteps;

namespace TaskManager.Tests.Core.Signals;

/// <summary>Long texts push out old events before the ring has gone round, so that what is kept of them is bounded.</summary>
public sealed class EventLogTextTests
{
    private static readonly string Line = new('x', 4096);

    private readonly EventLog _log = new(maxEvents: 1);
    private readonly TaskDefinition _task = Definition(1);

    [Fact]
    public void Append_LongLines_KeepsAsManyAsHaveRoom()
    {
        for (int i = 0; i < Capacity; i++)
        {
            AppendLog(_log, _task, Line);
            Assert.True(_log.TextBytes <= _log.MaxTextBytes);
        }

        Assert.Equal(_log.MaxTextBytes / (2 * Line.Length), _log.Count);
        Assert.Equal(_log.Count, ReadTask(_log, _task).Count);
        long lost = _log.Last - _log.Count - 1;
        Assert.False(_log.TryRead(ref lost, new TaskWatchFilter(), [], atMost: 10));
        Assert.False(_log.TryReadTask(_task, lost, [], atMost: 10, out _));
        long kept = lost + 1;
        Assert.True(_log.TryRead(ref kept, new TaskWatchFilter(), [], atMost: 10));
    }

    [Fact]
    public void Append_LineThatAloneIsTooLong_IsKept()
    {
        AppendStatus(_log, _task, TaskState.Queued);

        AppendLog(_log, _task, new string('x', (int)_log.MaxTextBytes));

        Assert.Equal(1, _log.Count);
        AppendStatus(_log, _task, TaskState.Processing);
        Assert.Equal(2, _log.Count); // what says nothing takes no room
    }

    [Fact]
    public void Append_RingThatWentRound_CountsTheTextsThatAreKept()
    {
        AppendLog(_log, _task, "abc");
        _log.AppendProgress(_task, new TaskProgress(1, 2, "de"), At(0));
        _log.AppendProgress(_task, new TaskProgress(1, 2), At(0));
        _log.AppendStatus(Record(_task, TaskState.Failed, error: new TaskError("f", "gh", "ijk")), At(0));
        Assert.Equal((4, 2 * 11), (_log.Count, _log.TextBytes));

        Fill(_log, Capacity - 1);
        Assert.Equal((Capacity, 2 * 6), (_log.Count, _log.TextBytes));
        Fill(_log, 1);

        Assert.Equal((Capacity, 0), (_log.Count, _log.TextBytes));
    }
}
