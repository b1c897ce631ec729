using Microsoft.Extensions.Logging;
using TaskManager.Signals;
using static TaskManager.Tests.Core.Signals.EventSteps;

namespace TaskManager.Tests.Core.Signals;

/// <summary>What goes into the log; <see cref="EventLogReadingTests"/> has how it is read.</summary>
public sealed class EventLogTests
{
    private readonly EventLog _log = new(maxEvents: 1);
    private readonly TaskDefinition _task = Definition(1);

    [Fact]
    public void Append_EveryKind_GivesBackWhatWasTold()
    {
        var error = new TaskError("broken", "It broke.");
        var progress = new TaskProgress(1, 2, "half");
        _log.AppendStatus(Record(_task, TaskState.Processing, version: 2, attempt: 1), At(1));
        _log.AppendProgress(_task, progress, At(2));
        _log.AppendLog(_task, LogLevel.Warning, "line", At(3));
        _log.AppendStatus(Record(_task, TaskState.Failed, version: 3, attempt: 1, error), At(4));

        Assert.Equal(
            [
                new TaskStatusEvent(Id(1), _task.Id, At(1), "plain", TaskState.Processing, 2, 1, Error: null),
                new TaskProgressEvent(Id(2), _task.Id, At(2), progress),
                new TaskLogEvent(Id(3), _task.Id, At(3), LogLevel.Warning, "line"),
                new TaskStatusEvent(Id(4), _task.Id, At(4), "plain", TaskState.Failed, 3, 1, error),
            ],
            ReadTask(_log, _task));
    }

    [Theory]
    [InlineData(TaskState.Completed)]
    [InlineData(TaskState.Failed)]
    [InlineData(TaskState.TimedOut)]
    [InlineData(TaskState.Cancelled)]
    public void Append_ReportsBehindTheFinalEvent_AreNotTaken(TaskState final)
    {
        AppendStatus(_log, _task, final);
        Fill(_log, 2);

        _log.AppendProgress(_task, new TaskProgress(1, 1), At(0));
        AppendLog(_log, _task, "late");

        Assert.Equal(3, _log.Last);
    }

    [Fact]
    public void Append_ReportsOfANewLife_AreTaken()
    {
        AppendStatus(_log, _task, TaskState.Failed, TaskState.Processing);

        _log.AppendProgress(_task, new TaskProgress(1, 1), At(0));
        AppendLog(_log, _task, "again");
        AppendStatus(_log, _task, TaskState.Completed);
        AppendLog(_log, _task, "late");

        Assert.Equal(["failed", "processing", "progress", "again", "completed"], Describe(ReadTask(_log, _task)));
    }

    [Fact]
    public void Append_ReportsOfATaskWhoseEventsAreKeptNoMore_AreTaken()
    {
        AppendStatus(_log, _task, TaskState.Processing);
        Fill(_log, Capacity);

        _log.AppendProgress(_task, new TaskProgress(1, 1), At(0));
        AppendLog(_log, _task, "line");

        Assert.Equal(["progress", "line"], Describe(ReadTask(_log, _task)));
    }

    [Fact]
    public async Task Append_TaskWithMuchToSay_DoesNotGoBackOverAllOfIt()
    {
        const int Rounds = 200_000;
        var log = new EventLog(Rounds);
        AppendStatus(log, _task, TaskState.Processing);

        await Task.Run(() =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                AppendLog(log, _task, "line"); // going back would take minutes
                log.AppendProgress(_task, new TaskProgress(i, Rounds), At(0));
            }
        }).Patiently();

        Assert.Equal(1 + (2 * Rounds), log.Last);
    }

    [Fact]
    public void Last_EventsOfSeveralTasks_CountsThemAll()
    {
        Assert.Equal(0, _log.Last);
        AppendStatus(_log, _task, TaskState.Queued);
        AppendStatus(_log, Definition(2), TaskState.Queued);
        Assert.Equal(2, _log.Last);
    }

    [Fact]
    public void Process_OfTwoLogs_Differs() => Assert.NotEqual(new EventLog(1).Process, _log.Process);

    [Fact]
    public async Task Append_EveryKind_WakesThoseThatWaitForTheTaskAndForAll()
    {
        using EventSubscribers.Subscription ofTask = _log.Subscribers.Subscribe(_task.Id, 2);
        using EventSubscribers.Subscription ofAll = _log.Subscribers.SubscribeToAll(2);
        foreach (Action append in new Action[]
        {
            () => AppendStatus(_log, _task, TaskState.Processing),
            () => _log.AppendProgress(_task, new TaskProgress(1, 1), At(0)),
            () => AppendLog(_log, _task, "line"),
        })
        {
            Task[] woken = [ofTask.Pulse.Next().Patiently(), ofAll.Pulse.Next().Patiently()];
            append();
            await Task.WhenAll(woken);
        }
    }

    private TaskEventId Id(long number) => new(_log.Process, number);
}
