namespace TaskManager;

/// <summary>One submitted task, to be waited for and moved.</summary>
public class TaskHandle
{
    internal TaskHandle(ITaskManager manager, Guid id)
    {
        Manager = manager;
        Id = id;
    }

    /// <summary>Gets the id of the task.</summary>
    public Guid Id { get; }

    internal ITaskManager Manager { get; }

    /// <summary>Names the task where its id is asked for, as in <c>DependsOn = [first, second]</c>.</summary>
    /// <param name="handle">The task.</param>
    public static implicit operator Guid(TaskHandle handle) => (handle ?? throw new ArgumentNullException(nameof(handle))).Id;

    /// <summary>Gets the id, as <see cref="Id"/> does; for languages without conversions.</summary>
    /// <returns>The id.</returns>
    public Guid ToGuid() => Id;

    /// <summary>Watches the task live: its states, progress and log, in order, to its final event.</summary>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>The events. A <see cref="TaskResetEvent"/> tells that some are kept no more.</returns>
    /// <exception cref="TaskNotFoundException">The task is not there, or not any more.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public IAsyncEnumerable<TaskEvent> WatchAsync(CancellationToken cancellationToken = default) => Manager.WatchAsync(Id, after: null, cancellationToken);

    /// <summary>Gets the task as it stands.</summary>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns><see langword="null"/> when it is not there, or not any more.</returns>
    public ValueTask<TaskRecord?> GetAsync(CancellationToken cancellationToken = default) => Manager.GetAsync(Id, cancellationToken);

    /// <summary>Waits until the task has ended, however it ends.</summary>
    /// <param name="cancellationToken">Ends the wait, not the task.</param>
    /// <returns>The task in its final state.</returns>
    /// <exception cref="TaskNotFoundException">The task is not there, or not any more.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public async Task<TaskRecord> WhenEndedAsync(CancellationToken cancellationToken = default) =>
        await Manager.WaitForEndAsync(Id, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false)
        ?? throw new TaskNotFoundException(Id, error: null, $"There is no task {Id}, or none any more.");

    /// <summary>Waits until the task has reached a state, or has ended.</summary>
    /// <param name="state">The state to wait for.</param>
    /// <param name="cancellationToken">Ends the wait, not the task.</param>
    /// <returns>The task as it stands then.</returns>
    /// <exception cref="TaskNotFoundException">The task is not there, or not any more.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public async Task<TaskRecord> WhenAsync(TaskState state, CancellationToken cancellationToken = default)
    {
        TaskRecord? record = await GetAsync(cancellationToken).ConfigureAwait(false);
        while (record is { IsDone: false } unfinished && unfinished.State != state)
        {
            record = await Manager.WaitForChangeAsync(Id, unfinished.State, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        }

        return record ?? throw new TaskNotFoundException(Id, error: null, $"There is no task {Id}, or none any more.");
    }

    /// <summary>Asks the task to end.</summary>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>The answer, with the task as it stands then.</returns>
    public ValueTask<TaskMove> CancelAsync(CancellationToken cancellationToken = default) => Manager.CancelAsync(Id, cancellationToken);

    /// <summary>Asks to hold the task.</summary>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>The answer, with the task as it stands then.</returns>
    public ValueTask<TaskMove> PauseAsync(CancellationToken cancellationToken = default) => Manager.PauseAsync(Id, cancellationToken);

    /// <summary>Lets the held task go on.</summary>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>The answer, with the task as it stands then.</returns>
    public ValueTask<TaskMove> ResumeAsync(CancellationToken cancellationToken = default) => Manager.ResumeAsync(Id, cancellationToken);

    /// <summary>Runs the ended task again.</summary>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>The answer, with the task as it stands then.</returns>
    public ValueTask<TaskMove> RetryAsync(CancellationToken cancellationToken = default) => Manager.RetryAsync(Id, cancellationToken);
}
