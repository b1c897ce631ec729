using Microsoft.Extensions.Logging;

namespace TaskManager;

/// <summary>Something that happened to a task, in its place in the one ordered log of the process.</summary>
/// <param name="Id">The place: what a watch resumes after.</param>
/// <param name="TaskId">The task.</param>
/// <param name="At">When it happened.</param>
public abstract record TaskEvent(TaskEventId Id, Guid TaskId, DateTimeOffset At);

/// <summary>The task changed its state, or was admitted.</summary>
/// <param name="Id">The place: what a watch resumes after.</param>
/// <param name="TaskId">The task.</param>
/// <param name="At">When it happened.</param>
/// <param name="TaskType">The name of the task's type.</param>
/// <param name="State">The state after it.</param>
/// <param name="Version">The task's version after it.</param>
/// <param name="Attempt">The number of the last attempt; 0 before the first.</param>
/// <param name="Error">Why the task did not complete; only with such an end.</param>
public sealed record TaskStatusEvent(
    TaskEventId Id, Guid TaskId, DateTimeOffset At, string TaskType, TaskState State, int Version, int Attempt, TaskError? Error) : TaskEvent(Id, TaskId, At);

/// <summary>The task said how far it is. Reports that follow each other quickly are merged; the last one before the end never goes missing.</summary>
/// <param name="Id">The place: what a watch resumes after.</param>
/// <param name="TaskId">The task.</param>
/// <param name="At">When it happened.</param>
/// <param name="Progress">The latest report.</param>
public sealed record TaskProgressEvent(TaskEventId Id, Guid TaskId, DateTimeOffset At, TaskProgress Progress) : TaskEvent(Id, TaskId, At);

/// <summary>The task wrote a line of its log.</summary>
/// <param name="Id">The place: what a watch resumes after.</param>
/// <param name="TaskId">The task.</param>
/// <param name="At">When it happened.</param>
/// <param name="Level">The level.</param>
/// <param name="Message">The text.</param>
public sealed record TaskLogEvent(TaskEventId Id, Guid TaskId, DateTimeOffset At, LogLevel Level, string Message) : TaskEvent(Id, TaskId, At);

/// <summary>Events before this place are not kept any more, or never were of this process: begin again from how the task stands now.</summary>
/// <param name="Id">The place: what a watch resumes after.</param>
/// <param name="TaskId">The task; <see cref="Guid.Empty"/> on a watch over all.</param>
/// <param name="At">When it happened.</param>
/// <param name="Record">The task as it stands; <see langword="null"/> on a watch over all.</param>
public sealed record TaskResetEvent(TaskEventId Id, Guid TaskId, DateTimeOffset At, TaskRecord? Record) : TaskEvent(Id, TaskId, At);
