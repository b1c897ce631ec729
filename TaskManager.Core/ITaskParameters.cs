namespace TaskManager;

/// <summary>Marks the parameters of a task with the type of its result, so that <see cref="ITaskManager.SubmitAsync{TResult}"/> can infer it.</summary>
/// <typeparam name="TResult">What comes of the task.</typeparam>
public interface ITaskParameters<TResult>;
