using Microsoft.Extensions.Logging;
using TaskManager.Signals;

namespace TaskManager.Tests.Core.Signals;

/// <summary>What tests of the event log put in, and how they read it back.</summary>
internal static class EventSteps
{
    /// <summary>The smallest log keeps so many events, and has so many chains: tasks whose sequences lie a multiple of it apart share one.</summary>
    public const int Capacity = 1024;

    private static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset At(int second) => Origin.AddSeconds(second);

    public static TaskDefinition Definition(long sequence, TaskType? type = null) =>
        new(Guid.CreateVersion7(Origin), sequence, StoreSteps.Submission(type: type), new ClockReading(Origin, TimeSpan.Zero));

    public static TaskRecord Record(TaskDefinition task, TaskState state, int version = 1, int attempt = 0, TaskError? error = null) =>
        new(task, new LifecycleStatus { State = state, Version = version, Attempt = attempt, Payload = error });

    public static void AppendStatus(EventLog log, TaskDefinition task, params TaskState[] states)
    {
        foreach (TaskState state in states)
        {
            log.AppendStatus(Record(task, state), At(0));
        }
    }

    public static void AppendLog(EventLog log, TaskDefinition task, string message) => log.AppendLog(task, LogLevel.Information, message, At(0));

    /// <summary>Appends events of one other task.</summary>
    public static void Fill(EventLog log, int count, long sequence = 500)
    {
        TaskDefinition filler = Definition(sequence);
        for (int i = 0; i < count; i++)
        {
            AppendStatus(log, filler, TaskState.Queued);
        }
    }

    public static List<TaskEvent> ReadTask(EventLog log, TaskDefinition task, long after = 0)
    {
        var events = new List<TaskEvent>();
        Assert.True(log.TryReadTask(task, after, events, int.MaxValue, out _));
        return events;
    }

    public static bool? HasEnded(EventLog log, TaskDefinition task)
    {
        Assert.True(log.TryReadTask(task, 0, [], int.MaxValue, out bool? hasEnded));
        return hasEnded;
    }

    public static string Describe(TaskEvent happened) => happened switch
    {
        TaskStatusEvent status => status.State.WireName(),
        TaskProgressEvent => "progress",
        TaskLogEvent log => log.Message,
        _ => "reset",
    };

    public static string[] Describe(IEnumerable<TaskEvent> events) => [.. events.Select(Describe)];
}
