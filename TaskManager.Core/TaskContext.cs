using Microsoft.Extensions.Logging;

namespace TaskManager;

/// <summary>What a handler is given: the attempt it runs, and the means to report, to stop and to stand still. Abstract, so that a test can give a handler one of its own.</summary>
public abstract class TaskContext
{
    /// <summary>Gets the id of the task. With <see cref="Attempt"/> it fences a handler's own writes: a late write of an older attempt can be told by its lower number.</summary>
    public abstract Guid TaskId { get; }

    /// <summary>Gets the name of the task's type.</summary>
    public abstract string TaskType { get; }

    /// <summary>Gets the number of the attempt, counted from 1.</summary>
    public abstract int Attempt { get; }

    /// <summary>Gets the token that fires on cancel, on time-out and at the end of the drain. A handler that ignores it is abandoned.</summary>
    public abstract CancellationToken CancellationToken { get; }

    /// <summary>Gets the services of the attempt's own scope, made when first asked for.</summary>
    public abstract IServiceProvider Services { get; }

    /// <summary>Gets the clock that the manager runs on.</summary>
    public abstract TimeProvider Clock { get; }

    /// <summary>Gets the logger of the attempt.</summary>
    public abstract ILogger Logger { get; }

    /// <summary>Gets the tasks that this one depended on.</summary>
    public abstract IReadOnlyList<Guid> DependsOn { get; }

    /// <summary>Gets <see cref="ReportProgress"/> in the form that other libraries take.</summary>
    public IProgress<TaskProgress> Progress => new ProgressAdapter(this);

    /// <summary>Gets the result of a completed task, such as one that this one depended on.</summary>
    /// <typeparam name="TResult">What came of it.</typeparam>
    /// <param name="handle">The task.</param>
    /// <returns>The result.</returns>
    /// <exception cref="TaskNotCompletedException">The task has not completed, or is not there.</exception>
    public ValueTask<TResult> ResultOfAsync<TResult>(TaskHandle<TResult> handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return ResultOfAsync<TResult>(handle.Id);
    }

    /// <summary>Gets the result of a completed task, such as one of <see cref="DependsOn"/>.</summary>
    /// <typeparam name="TResult">What came of it.</typeparam>
    /// <param name="taskId">The task.</param>
    /// <returns>The result.</returns>
    /// <exception cref="TaskNotCompletedException">The task has not completed, or is not there.</exception>
    public abstract ValueTask<TResult> ResultOfAsync<TResult>(Guid taskId);

    /// <summary>Stands still here if a pause was asked, and stops here if the task shall end.</summary>
    /// <returns>Completes at once when nothing was asked; after a pause, when the task was resumed and has a slot again.</returns>
    /// <exception cref="OperationCanceledException">The task was cancelled, timed out, or the process shuts down.</exception>
    public abstract ValueTask CheckpointAsync();

    /// <summary>Says how far the attempt has come. Cheap; only the latest report is kept, and none once the attempt has ended.</summary>
    /// <param name="step">Steps done, finite and at least 0.</param>
    /// <param name="total">Steps in all, finite and at least 0; 0 when that is not known.</param>
    /// <param name="message">What is being done; cut at 4 KiB of UTF-8.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative or not finite.</exception>
    public abstract void ReportProgress(double step, double total = 0, string? message = null);

    private sealed class ProgressAdapter(TaskContext context) : IProgress<TaskProgress>
    {
        public void Report(TaskProgress value) => context.ReportProgress(value.Step, value.Total, value.Message);
    }
}
