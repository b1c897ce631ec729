using TaskManager.Execution;

namespace TaskManager;

/// <summary>One submitted task whose result has a known type.</summary>
/// <typeparam name="TResult">What comes of it.</typeparam>
public sealed class TaskHandle<TResult> : TaskHandle
{
    internal TaskHandle(ITaskManager manager, Guid id)
        : base(manager, id)
    {
    }

    /// <summary>Waits for the result.</summary>
    /// <param name="cancellationToken">Ends the wait, not the task.</param>
    /// <returns>The result.</returns>
    /// <exception cref="TaskFailedException">The task failed.</exception>
    /// <exception cref="TaskTimedOutException">The task timed out.</exception>
    /// <exception cref="TaskCancelledException">The task was cancelled.</exception>
    /// <exception cref="TaskNotFoundException">The task is not there, or not any more.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public async Task<TResult> WaitAsync(CancellationToken cancellationToken = default)
    {
        TaskRecord record = await WhenEndedAsync(cancellationToken).ConfigureAwait(false);
        TaskError? error = record.Status.Error;
        return record.State switch
        {
            TaskState.Completed => ResultValue.Of<TResult>(record)!,
            TaskState.Failed => throw new TaskFailedException(Id, error, Sentence("failed", error)),
            TaskState.TimedOut => throw new TaskTimedOutException(Id, error, Sentence("timed out", error)),
            _ => throw new TaskCancelledException(Id, error, Sentence("was cancelled", error)),
        };
    }

    /// <summary>Waits until the task has ended, and says how.</summary>
    /// <param name="cancellationToken">Ends the wait, not the task.</param>
    /// <returns>The outcome, whatever it is.</returns>
    /// <exception cref="TaskNotFoundException">The task is not there, or not any more.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public async Task<TaskOutcome<TResult>> OutcomeAsync(CancellationToken cancellationToken = default)
    {
        TaskRecord record = await WhenEndedAsync(cancellationToken).ConfigureAwait(false);
        return new TaskOutcome<TResult>(record.State, ResultValue.Of<TResult>(record), record.Status.Error);
    }

    private string Sentence(string end, TaskError? error) => error is null ? $"The task {Id} {end}." : $"The task {Id} {end}: {error.Message}";
}
