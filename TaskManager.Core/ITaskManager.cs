using Microsoft.Extensions.Logging;

namespace TaskManager;

/// <summary>
/// Submits tasks, looks at them and asks something of them. Inject it; it is a singleton and thread-safe. Everything that the HTTP surface does goes through it too.
/// </summary>
public interface ITaskManager
{
    /// <summary>Gets the task types that this process knows.</summary>
    TaskTypeRegistry Types { get; }

    /// <summary>Gets whether tasks are accepted and claimed, and if not, why.</summary>
    TaskManagerReadiness Readiness { get; }

    /// <summary>Gets the clock that every moment and delay of the tasks is meant by.</summary>
    ClockReading Now { get; }

    /// <summary>Gets a token that fires when the process begins to shut down: whoever waits for tasks on somebody's behalf stops waiting then.</summary>
    CancellationToken Stopping { get; }

    /// <summary>Submits a task; waits for room when as many tasks are unfinished as may be.</summary>
    /// <typeparam name="TResult">What comes of it, inferred from the parameters.</typeparam>
    /// <param name="parameters">What is asked. The type of the object names the task type.</param>
    /// <param name="options">What is asked besides.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <returns>The handle of the task.</returns>
    /// <exception cref="TaskValidationException">The parameters or the options are wrong; it names every fault.</exception>
    /// <exception cref="InvalidOperationException">No task type, or more than one, has such parameters; or the idempotency key belongs to another request.</exception>
    /// <exception cref="TaskManagerStoppingException">The process shuts down.</exception>
    ValueTask<TaskHandle<TResult>> SubmitAsync<TResult>(
        ITaskParameters<TResult> parameters, SubmitOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Submits a task of a named type; waits for room when as many tasks are unfinished as may be.</summary>
    /// <param name="taskType">The name of the type.</param>
    /// <param name="parameters">What is asked, of the type's .NET type.</param>
    /// <param name="options">What is asked besides.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <returns>The handle of the task.</returns>
    /// <exception cref="TaskValidationException">The type is unknown, or the parameters or the options are wrong; it names every fault.</exception>
    /// <exception cref="InvalidOperationException">The idempotency key belongs to another request.</exception>
    /// <exception cref="TaskManagerStoppingException">The process shuts down.</exception>
    ValueTask<TaskHandle> SubmitAsync(string taskType, object? parameters, SubmitOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Submits many tasks in their order; waits for room when as many tasks are unfinished as may be. All are checked before the first is admitted.</summary>
    /// <typeparam name="TResult">What comes of each.</typeparam>
    /// <param name="parameters">What is asked.</param>
    /// <param name="options">What is asked besides, of each.</param>
    /// <param name="cancellationToken">Ends the wait for room; what was admitted by then stays.</param>
    /// <returns>The handles, in order.</returns>
    /// <exception cref="TaskValidationException">Some parameters or options are wrong; it names every fault by index.</exception>
    /// <exception cref="InvalidOperationException">No task type, or more than one, has such parameters; or the idempotency key belongs to another request.</exception>
    /// <exception cref="TaskManagerStoppingException">The process shuts down.</exception>
    ValueTask<IReadOnlyList<TaskHandle<TResult>>> SubmitManyAsync<TResult>(
        IEnumerable<ITaskParameters<TResult>> parameters, SubmitOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Submits a task if there is room now; every refusal is an answer, none an exception.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>The task, or why there is none.</returns>
    ValueTask<SubmitResult> TrySubmitAsync(TaskRequest request, CancellationToken cancellationToken = default);

    /// <summary>Submits many tasks in their order, as far as there is room now.</summary>
    /// <param name="requests">What is asked.</param>
    /// <param name="atomic"><see langword="true"/> for all or none.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>One answer for each request, in order.</returns>
    ValueTask<IReadOnlyList<SubmitResult>> TrySubmitManyAsync(
        IReadOnlyList<TaskRequest> requests, bool atomic = false, CancellationToken cancellationToken = default);

    /// <summary>Gets the handle of a task that somebody else submitted. The task is not looked for until the handle is used.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>The handle.</returns>
    TaskHandle GetHandle(Guid id);

    /// <summary>Gets the typed handle of a task that somebody else submitted. The task is not looked for until the handle is used.</summary>
    /// <typeparam name="TResult">What comes of it.</typeparam>
    /// <param name="id">Its id.</param>
    /// <returns>The handle.</returns>
    TaskHandle<TResult> GetHandle<TResult>(Guid id);

    /// <summary>Gets a task as it stands.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns><see langword="null"/> when there is none, or none any more.</returns>
    ValueTask<TaskRecord?> GetAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Waits until a task stands otherwise than it did, or has ended.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="seen">How it was seen last; <see langword="null"/> for how it stands now.</param>
    /// <param name="timeout">How long to wait at most; zero looks once. <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The task as it stands then, changed or not; <see langword="null"/> when there is none, or none any more.</returns>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    /// <exception cref="TooManyWaitersException">As many calls wait as may.</exception>
    ValueTask<TaskRecord?> WaitForChangeAsync(Guid id, TaskState? seen, TimeSpan timeout, CancellationToken cancellationToken = default);

    /// <summary>Waits until a task has ended.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="timeout">How long to wait at most; zero looks once. <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The task as it stands then, ended or not; <see langword="null"/> when there is none, or none any more.</returns>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    /// <exception cref="TooManyWaitersException">As many calls wait as may.</exception>
    ValueTask<TaskRecord?> WaitForEndAsync(Guid id, TimeSpan timeout, CancellationToken cancellationToken = default);

    /// <summary>Watches one task live: its states, progress and log, in order, to its final event.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="after">The event to begin behind; <see langword="null"/> for the first that is kept.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>The events. A <see cref="TaskResetEvent"/> tells that some are kept no more.</returns>
    /// <exception cref="TaskNotFoundException">The task is not there, or not any more.</exception>
    /// <exception cref="TooManyWaitersException">As many watch as may.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    IAsyncEnumerable<TaskEvent> WatchAsync(Guid id, TaskEventId? after = null, CancellationToken cancellationToken = default);

    /// <summary>Watches all tasks live, in the order in which things happen.</summary>
    /// <param name="filter">Which events; <see langword="null"/> for all.</param>
    /// <param name="after">The event to begin behind; <see langword="null"/> for what happens from now on.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>The events, without an end. A <see cref="TaskResetEvent"/> tells that some are kept no more.</returns>
    /// <exception cref="TooManyWaitersException">As many watch as may.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    IAsyncEnumerable<TaskEvent> WatchAllAsync(TaskWatchFilter? filter = null, TaskEventId? after = null, CancellationToken cancellationToken = default);

    /// <summary>Reads what a task wrote with its logger, oldest line first.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="after">The sequence that all lines lie behind; 0, the default, for the first that is kept.</param>
    /// <param name="least">The lowest level.</param>
    /// <param name="limit">How many lines at most, from 1 to 1000.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns><see langword="null"/> when the task is not there, or not any more.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    ValueTask<TaskLogPage?> ReadLogAsync(Guid id, long after = 0, LogLevel least = LogLevel.Trace, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>Waits until no task is queued or processing. Tasks that are scheduled, blocked or paused do not count.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Completes when the manager is idle.</returns>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    Task WhenIdleAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists tasks, newest first.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>A page; it may be short, and only an absent <see cref="TaskPage.Next"/> means the end.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of range.</exception>
    ValueTask<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken = default);

    /// <summary>Asks a task to end. One that waits ends at once and is never entered; a running one is told by its token.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>The answer, with the task as it stands then.</returns>
    ValueTask<TaskMove> CancelAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Asks to hold a task. One that waits is held at once; a running one at its next checkpoint, where it gives its slot away.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>The answer, with the task as it stands then.</returns>
    ValueTask<TaskMove> PauseAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Lets a held task go on in its old place; a suspended one goes on with the same attempt when a slot is free.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>The answer, with the task as it stands then.</returns>
    ValueTask<TaskMove> ResumeAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Runs a task again that failed, timed out or was cancelled: one further attempt, in its old place.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>The answer, with the task as it stands then.</returns>
    ValueTask<TaskMove> RetryAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Removes a task for good; an unfinished one is cancelled and removed once it has ended.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>Whether it is gone, will go (<see cref="RemoveOutcome.Unfinished"/>), or why not.</returns>
    ValueTask<RemoveOutcome> RemoveAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Tells whether a task was removed on request, as far as that is remembered.</summary>
    /// <param name="id">Its id.</param>
    /// <returns><see langword="false"/> also when it was forgotten.</returns>
    bool WasRemoved(Guid id);

    /// <summary>Counts and measures everything.</summary>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns>The figures of this moment.</returns>
    ValueTask<TaskStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default);

    /// <summary>Says why a task that has not ended is not running.</summary>
    /// <param name="record">The task.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is not in memory.</param>
    /// <returns><see langword="null"/> when it runs or has ended.</returns>
    ValueTask<TaskWaitReason?> ExplainAsync(TaskRecord record, CancellationToken cancellationToken = default);
}
