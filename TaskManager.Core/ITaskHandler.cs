namespace TaskManager;

/// <summary>Runs the tasks of one type. Resolved from a scope of its own for each attempt, which is disposed when the handler has really ended.</summary>
/// <typeparam name="TParameters">What is asked.</typeparam>
/// <typeparam name="TResult">What comes of it.</typeparam>
public interface ITaskHandler<in TParameters, TResult>
{
    /// <summary>Does the work of one attempt.</summary>
    /// <param name="task">The parameters, validated.</param>
    /// <param name="context">The attempt: its token, checkpoints, progress and log.</param>
    /// <returns>The result. Throw <see cref="TaskAttemptException"/>, or anything else, to fail.</returns>
    Task<TResult> HandleAsync(TParameters task, TaskContext context);
}
