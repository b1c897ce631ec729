using Microsoft.Extensions.Logging;

namespace TaskManager;

/// <summary>
/// Where tasks live, and the only place that decides what concerns several of them at once: capacity, numbers and keys (in add), the order of claims, what is due,
/// and which dependants an end frees. The engine calls it and sleeps on its hints. Implementations are thread-safe; <see cref="TaskLifecycle"/> makes every status.
/// </summary>
public interface ITaskStore
{
    /// <summary>
    /// Raised for each change of a task, its admission included, in the order of its versions. The handler is called while the store holds its locks: it must be quick,
    /// must not block and must not call back.
    /// </summary>
    event Action<TaskChange>? Changed;

    /// <summary>Gets the store's clock, by which all its moments and delays are meant.</summary>
    ClockReading Now { get; }

    /// <summary>Gets a value indicating whether a further task would be refused for want of room; a cheap look that holds nothing.</summary>
    bool IsFull { get; }

    /// <summary>Admits a task: gives it an id, a sequence and a first status.</summary>
    /// <param name="submission">What is asked, validated.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>The task, or why there is none.</returns>
    ValueTask<AddResult> AddAsync(TaskSubmission submission, CancellationToken cancellationToken);

    /// <summary>Admits many tasks in their order.</summary>
    /// <param name="submissions">What is asked, validated.</param>
    /// <param name="atomic"><see langword="true"/> for all or none.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>One result for each; when <paramref name="atomic"/> and one is refused, nothing was admitted.</returns>
    ValueTask<IReadOnlyList<AddResult>> AddManyAsync(IReadOnlyList<TaskSubmission> submissions, bool atomic, CancellationToken cancellationToken);

    /// <summary>Finds a task.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>The task as it stands; <see langword="null"/> when there is none, or none any more.</returns>
    ValueTask<TaskRecord?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Puts a status in the place of another, if that is still the task's own (compare-and-set on its version). What concerns other tasks too is decided in the same step: whether there
    /// is room for one that is unfinished again, and whether a resumed attempt may go on although its type has a limit. An attempt that wakes to be cancelled is held up by no limit.
    /// </summary>
    /// <param name="before">The task as it was read.</param>
    /// <param name="after">What <see cref="TaskLifecycle.Apply"/> made of it.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>Whether it is in place, or why not.</returns>
    ValueTask<UpdateOutcome> TryUpdateAsync(TaskRecord before, LifecycleStatus after, CancellationToken cancellationToken);

    /// <summary>Claims ready tasks in their order, each under a lease of its own.</summary>
    /// <param name="claim">Who claims, and what.</param>
    /// <param name="claimed">Gets the tasks, now processing; its length is how many may be claimed at most.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>How many were claimed, and when to ask again if none were because of a rate.</returns>
    ValueTask<ClaimResult> ClaimAsync(TaskClaim claim, Memory<TaskRecord> claimed, CancellationToken cancellationToken);

    /// <summary>Lets leases last longer, counted from now. A lease that has run out, but whose expiry is not recorded yet, is still its holder's.</summary>
    /// <param name="holder">Whose leases.</param>
    /// <param name="leases">Which.</param>
    /// <param name="duration">How much longer.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>One result for each, in order.</returns>
    ValueTask<IReadOnlyList<LeaseRenewal>> RenewLeasesAsync(string holder, IReadOnlyList<LeaseKey> leases, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Takes some of the tasks whose leases have run out from their holders, never early.</summary>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>How long it is until the next lease may run out, zero when there is more to take now; <see langword="null"/> when there are none.</returns>
    ValueTask<TimeSpan?> ExpireLeasesAsync(CancellationToken cancellationToken);

    /// <summary>Keeps, as evidence, that a report came when the task was no longer the reporter's.</summary>
    /// <param name="lease">What the reporter showed.</param>
    /// <param name="report">What it reported.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns><see langword="false"/> when no such lease is remembered.</returns>
    ValueTask<bool> NoteLateReportAsync(LeaseKey lease, LateReport report, CancellationToken cancellationToken);

    /// <summary>Queues some of what has become due.</summary>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>How long it is until the next task may be due, zero when there is more to queue now; <see langword="null"/> when nothing waits.</returns>
    ValueTask<TimeSpan?> QueueDueAsync(CancellationToken cancellationToken);

    /// <summary>Keeps the latest progress of a running attempt.</summary>
    /// <param name="id">The task.</param>
    /// <param name="attempt">The attempt that reports.</param>
    /// <param name="progress">How far it has come.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns><see langword="false"/> when that attempt is no longer live; nothing changed.</returns>
    ValueTask<bool> ReportProgressAsync(Guid id, int attempt, TaskProgress progress, CancellationToken cancellationToken);

    /// <summary>Adds a line to the log of a task, and drops the oldest when it is full.</summary>
    /// <param name="id">The task.</param>
    /// <param name="attempt">The attempt that writes.</param>
    /// <param name="level">The level.</param>
    /// <param name="message">The text, at most 4 KiB of UTF-8.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns><see langword="false"/> when that attempt is no longer live; nothing changed.</returns>
    ValueTask<bool> AppendLogAsync(Guid id, int attempt, LogLevel level, string message, CancellationToken cancellationToken);

    /// <summary>Reads the log of a task, oldest line first.</summary>
    /// <param name="id">The task.</param>
    /// <param name="after">The sequence that all lines lie behind; 0 for the first that is kept.</param>
    /// <param name="least">The lowest level.</param>
    /// <param name="limit">How many lines at most, from 1 to 1000.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns><see langword="null"/> when the task is not there.</returns>
    ValueTask<TaskLogPage?> ReadLogAsync(Guid id, long after, LogLevel least, int limit, CancellationToken cancellationToken);

    /// <summary>Tells whether ready tasks of a type are passed over at this moment.</summary>
    /// <param name="type">The type.</param>
    /// <returns>By which of its limits, if by any.</returns>
    TypeHold HoldOf(TaskType type);

    /// <summary>Lists tasks, newest first.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>A page; it may be short, and only an absent <see cref="TaskPage.Next"/> means the end.</returns>
    ValueTask<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken);

    /// <summary>Counts tasks, all at one moment at which every end has freed what depends on it.</summary>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>The counts.</returns>
    ValueTask<TaskCounts> CountAsync(CancellationToken cancellationToken);

    /// <summary>Removes an ended task for good; an unfinished one is removed once it has ended.</summary>
    /// <param name="id">The task.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>Whether it is gone, will go (<see cref="RemoveOutcome.Unfinished"/>), or why not.</returns>
    ValueTask<RemoveOutcome> RemoveAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Tells whether a task was removed on request, as far as that is remembered.</summary>
    /// <param name="id">The task.</param>
    /// <returns><see langword="false"/> also when it was forgotten.</returns>
    bool WasRemoved(Guid id);

    /// <summary>Removes the ended tasks that have been kept for as long as they shall.</summary>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>How many were removed.</returns>
    ValueTask<int> RemoveExpiredAsync(CancellationToken cancellationToken);
}
