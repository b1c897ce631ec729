using Microsoft.Extensions.Logging;
using TaskManager.Signals;

namespace TaskManager.Execution;

/// <summary>
/// The logger that a handler is given: each line goes to the host's log, to the task's own, and as an event to those that watch; events within a budget.
/// </summary>
internal sealed class AttemptLogger(TaskDefinition task, int attempt, ILogger host, ITaskStore store, EventLog events) : ILogger
{
    private readonly KeyValuePair<string, object?>[] _scope = [new("TaskId", task.Id), new("TaskType", task.Type.Name), new("Attempt", attempt)];
    private readonly EventBudget _budget = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => host.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && (logLevel >= LogLevel.Information || host.IsEnabled(logLevel));

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        using (host.BeginScope(_scope))
        {
            host.Log(logLevel, eventId, state, exception, formatter);
        }

        string text = formatter(state, exception);
        string message = BoundedText.Of(exception is null ? text : $"{text} ({exception.GetType().FullName}: {exception.Message})");
        ValueTask<bool> appending = store.AppendLogAsync(task.Id, attempt, logLevel, message, CancellationToken.None);
        if (appending is { IsCompletedSuccessfully: true, Result: true } && _budget.TryTake(store.Now.Elapsed))
        {
            events.AppendLog(task, logLevel, message, store.Now.Utc);
        }
    }
}
