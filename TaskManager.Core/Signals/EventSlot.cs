using Microsoft.Extensions.Logging;

namespace TaskManager.Signals;

/// <summary>One place of the event log: what a reader needs to make the event of, and nothing that would keep a task's parameters or result alive.</summary>
internal struct EventSlot
{
    public long Number;
    public long Previous; // the event before it in the same chain
    public long Next; // the one behind it; 0 for none
    public Guid TaskId;
    public TaskType Type;
    public long AtUtcTicks;
    public object? Data; // an error, a progress, or a message
    public int Version;
    public int Attempt;
    public EventKind Kind;
    public TaskState State;
    public LogLevel Level;
    public bool? HasEnded; // whether the task had, with this event; null when its status events before it are kept no more

    /// <summary>Gets how much the text of an event takes in memory: UTF-16, without the objects around it.</summary>
    public static long TextBytesOf(object data) => 2L * data switch
    {
        string message => message.Length,
        TaskProgress progress => progress.Message?.Length ?? 0,
        TaskError error => error.Code.Length + error.Message.Length + (error.Type?.Length ?? 0),
        _ => 0,
    };

    public readonly bool Matches(TaskWatchFilter filter) =>
        (filter.TaskIds.Count == 0 || filter.TaskIds.Contains(TaskId))
        && (filter.TaskTypes.Count == 0 || filter.TaskTypes.Contains(Type.Name, StringComparer.Ordinal))
        && (filter.States.Count == 0 || (Kind == EventKind.Status && filter.States.Contains(State)));

    public readonly TaskEvent ToEvent(uint process)
    {
        var id = new TaskEventId(process, Number);
        var at = new DateTimeOffset(AtUtcTicks, TimeSpan.Zero);
        return Kind switch
        {
            EventKind.Status => new TaskStatusEvent(id, TaskId, at, Type.Name, State, Version, Attempt, (TaskError?)Data),
            EventKind.Progress => new TaskProgressEvent(id, TaskId, at, (TaskProgress)Data!),
            _ => new TaskLogEvent(id, TaskId, at, Level, (string)Data!),
        };
    }
}

internal enum EventKind : byte
{
    Status,
    Progress,
    Log,
}
