using Microsoft.Extensions.Logging;

namespace TaskManager.Diagnostics;

/// <summary>All that the library ever says in the host's log.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Task manager started with {Slots} slots")]
    public static partial void Started(ILogger logger, int slots);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Task manager drains: running tasks get {DrainTimeout}")]
    public static partial void Draining(ILogger logger, TimeSpan drainTimeout);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information,
        Message = "Task manager stopped; lost: {Processing} processing, {Queued} queued, {Scheduled} scheduled, {Blocked} blocked, {Paused} paused")]
    public static partial void Stopped(ILogger logger, long processing, long queued, long scheduled, long blocked, long paused);

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "A callback of the token that says that the task manager stops threw; it decides nothing")]
    public static partial void StoppingCallbackFailed(ILogger logger, Exception error);

    [LoggerMessage(EventId = 10, Level = LogLevel.Debug, Message = "Task {TaskId} of type {TaskType} completed after {ElapsedMs} ms")]
    public static partial void TaskCompleted(ILogger logger, Guid taskId, string taskType, double elapsedMs);

    [LoggerMessage(EventId = 11, Level = LogLevel.Warning, Message = "Task {TaskId} of type {TaskType} failed with {Code} after {ElapsedMs} ms")]
    public static partial void TaskFailed(ILogger logger, Exception? error, Guid taskId, string taskType, string code, double elapsedMs);

    [LoggerMessage(EventId = 12, Level = LogLevel.Warning, Message = "Attempt {Attempt} of task {TaskId} of type {TaskType} failed after {ElapsedMs} ms and will be followed by another")]
    public static partial void AttemptFailed(ILogger logger, Exception? error, Guid taskId, string taskType, int attempt, double elapsedMs);

    [LoggerMessage(EventId = 13, Level = LogLevel.Information, Message = "Task {TaskId} of type {TaskType} ended {State} after {ElapsedMs} ms")]
    public static partial void TaskEnded(ILogger logger, Guid taskId, string taskType, string state, double elapsedMs);

    [LoggerMessage(EventId = 14, Level = LogLevel.Warning, Message = "Attempt {Attempt} of task {TaskId} of type {TaskType} reached its time-out of {Timeout}")]
    public static partial void TaskTimeoutFired(ILogger logger, Guid taskId, string taskType, int attempt, TimeSpan timeout);

    [LoggerMessage(EventId = 15, Level = LogLevel.Error,
        Message = "Attempt {Attempt} of task {TaskId} of type {TaskType} ignored its cancellation token for {AbandonAfter} and was abandoned; its code may still be running")]
    public static partial void TaskAbandoned(ILogger logger, Guid taskId, string taskType, int attempt, TimeSpan abandonAfter);

    [LoggerMessage(EventId = 16, Level = LogLevel.Warning, Message = "Attempt {Attempt} of task {TaskId} of type {TaskType} reported too late and changed nothing; the task is {State}")]
    public static partial void LateReport(ILogger logger, Guid taskId, string taskType, int attempt, string state);

    [LoggerMessage(EventId = 19, Level = LogLevel.Warning,
        Message = "A worker's {Report} of task {TaskId} of type {TaskType} came when the task was no longer the worker's, and changed nothing; the task is {State}")]
    public static partial void LateWorkerReport(ILogger logger, string report, Guid taskId, string taskType, string state);

    [LoggerMessage(EventId = 22, Level = LogLevel.Information, Message = "Worker {WorkerId} registered for {TaskTypes}")]
    public static partial void WorkerRegistered(ILogger logger, string workerId, string taskTypes);

    [LoggerMessage(EventId = 23, Level = LogLevel.Information, Message = "Worker {WorkerId} left")]
    public static partial void WorkerLeft(ILogger logger, string workerId);

    [LoggerMessage(EventId = 24, Level = LogLevel.Warning, Message = "Worker {WorkerId} was silent for {Silence} and is forgotten")]
    public static partial void WorkerForgotten(ILogger logger, string workerId, TimeSpan silence);

    [LoggerMessage(EventId = 25, Level = LogLevel.Warning, Message = "Attempt {Attempt} of task {TaskId} of type {TaskType} lost its lease of worker {WorkerId}; the task is {State}")]
    public static partial void LeaseExpired(ILogger logger, Guid taskId, string taskType, int attempt, string workerId, string state);

    [LoggerMessage(EventId = 17, Level = LogLevel.Error, Message = "A cancellation callback or a report of attempt {Attempt} of task {TaskId} of type {TaskType} threw; it decides nothing")]
    public static partial void SideWorkFailed(ILogger logger, Exception error, Guid taskId, string taskType, int attempt);

    [LoggerMessage(EventId = 18, Level = LogLevel.Error, Message = "The services of attempt {Attempt} of task {TaskId} of type {TaskType} threw while they were disposed")]
    public static partial void ScopeFailed(ILogger logger, Exception error, Guid taskId, string taskType, int attempt);

    [LoggerMessage(EventId = 20, Level = LogLevel.Debug, Message = "Retention removed {Removed} tasks")]
    public static partial void Removed(ILogger logger, int removed);

    [LoggerMessage(EventId = 21, Level = LogLevel.Error, Message = "A sweep failed; the next one tries again")]
    public static partial void SweepFailed(ILogger logger, Exception error);

    [LoggerMessage(EventId = 26, Level = LogLevel.Error, Message = "The store failed; it is asked again")]
    public static partial void StoreFailed(ILogger logger, Exception error);

    [LoggerMessage(EventId = 27, Level = LogLevel.Error, Message = "The end of attempt {Attempt} of task {TaskId} of type {TaskType} could not be told as it should")]
    public static partial void EndFailed(ILogger logger, Exception error, Guid taskId, string taskType, int attempt);

    [LoggerMessage(EventId = 28, Level = LogLevel.Error, Message = "The services of attempt {Attempt} of task {TaskId} of type {TaskType} were not disposed after {AbandonAfter} and were abandoned; the task has ended")]
    public static partial void ScopeAbandoned(ILogger logger, Guid taskId, string taskType, int attempt, TimeSpan abandonAfter);
}
