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
    public async Task<TResult> WaitAsync(CancellationToken cancellationToken = default) =>
        ResultValue.OfCompleted<TResult>(Id, await WhenEndedAsync(cancellationToken).ConfigureAwait(false));

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
}
