using Microsoft.Extensions.Logging;

namespace TaskManager.Tests.Proof.Races;

/// <summary>
/// The store, with named points at which a test may let something else happen: what two threads do to each other once in a million runs then happens in every one.
/// </summary>
internal sealed class SyncPointStore(ITaskStore inner) : ITaskStore
{
    public event Action<TaskChange>? Changed
    {
        add => inner.Changed += value;
        remove => inner.Changed -= value;
    }

    /// <summary>Gets or sets what happens before something is claimed.</summary>
    public Func<ValueTask>? BeforeClaim { get; set; }

    /// <summary>Gets or sets what happens before a certain one claims something.</summary>
    public Func<TaskClaim, ValueTask>? BeforeClaimOf { get; set; }

    /// <summary>Gets or sets what happens when a task was claimed and whoever claimed it does not know yet.</summary>
    public Func<TaskRecord, ValueTask>? AfterClaim { get; set; }

    /// <summary>Gets or sets what happens when a task was looked up and whoever looked does not know yet.</summary>
    public Func<Guid, ValueTask>? AfterFind { get; set; }

    /// <summary>Gets or sets what happens before a status is put in place.</summary>
    public Func<LifecycleStatus, ValueTask>? BeforeUpdate { get; set; }

    /// <summary>Gets or sets what happens when a status is in place and whoever put it there does not know yet.</summary>
    public Func<LifecycleStatus, ValueTask>? AfterUpdate { get; set; }

    /// <summary>Gets or sets what happens before a task is admitted.</summary>
    public Func<ValueTask>? BeforeAdd { get; set; }

    /// <summary>Gets or sets what happens when what is due was queued and whoever asked does not know yet.</summary>
    public Func<ValueTask>? AfterQueueDue { get; set; }

    /// <summary>Gets or sets what happens before what is kept no longer is removed.</summary>
    public Func<ValueTask>? BeforeRemoveExpired { get; set; }

    public ClockReading Now => inner.Now;

    public bool IsFull => inner.IsFull;

    public async ValueTask<AddResult> AddAsync(TaskSubmission submission, CancellationToken cancellationToken)
    {
        await At(BeforeAdd);
        return await inner.AddAsync(submission, cancellationToken);
    }

    public async ValueTask<TaskRecord?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        TaskRecord? found = await inner.FindAsync(id, cancellationToken);
        await (AfterFind?.Invoke(id) ?? default);
        return found;
    }

    public async ValueTask<UpdateOutcome> TryUpdateAsync(TaskRecord before, LifecycleStatus after, CancellationToken cancellationToken)
    {
        await (BeforeUpdate?.Invoke(after) ?? default);
        cancellationToken.ThrowIfCancellationRequested(); // as a store beyond a network does
        UpdateOutcome outcome = await inner.TryUpdateAsync(before, after, cancellationToken);
        await (outcome == UpdateOutcome.Updated && AfterUpdate is { } then ? then(after) : default);
        return outcome;
    }

    public async ValueTask<ClaimResult> ClaimAsync(TaskClaim claim, Memory<TaskRecord> claimed, CancellationToken cancellationToken)
    {
        await At(BeforeClaim);
        await (BeforeClaimOf?.Invoke(claim) ?? default);
        ClaimResult result = await inner.ClaimAsync(claim, claimed, cancellationToken);
        await (result.Count > 0 && AfterClaim is { } then ? then(claimed.Span[0]) : default);
        return result;
    }

    public ValueTask<IReadOnlyList<AddResult>> AddManyAsync(IReadOnlyList<TaskSubmission> submissions, bool atomic, CancellationToken cancellationToken) =>
        inner.AddManyAsync(submissions, atomic, cancellationToken);

    public ValueTask<IReadOnlyList<LeaseRenewal>> RenewLeasesAsync(string holder, IReadOnlyList<LeaseKey> leases, TimeSpan duration, CancellationToken cancellationToken) =>
        inner.RenewLeasesAsync(holder, leases, duration, cancellationToken);

    public ValueTask<TimeSpan?> ExpireLeasesAsync(CancellationToken cancellationToken) => inner.ExpireLeasesAsync(cancellationToken);

    public ValueTask<bool> NoteLateReportAsync(LeaseKey lease, LateReport report, CancellationToken cancellationToken) => inner.NoteLateReportAsync(lease, report, cancellationToken);

    public async ValueTask<TimeSpan?> QueueDueAsync(CancellationToken cancellationToken)
    {
        TimeSpan? untilNext = await inner.QueueDueAsync(cancellationToken);
        await At(AfterQueueDue);
        return untilNext;
    }

    public ValueTask<bool> ReportProgressAsync(Guid id, int attempt, TaskProgress progress, CancellationToken cancellationToken) =>
        inner.ReportProgressAsync(id, attempt, progress, cancellationToken);

    public ValueTask<bool> AppendLogAsync(Guid id, int attempt, LogLevel level, string message, CancellationToken cancellationToken) =>
        inner.AppendLogAsync(id, attempt, level, message, cancellationToken);

    public ValueTask<TaskLogPage?> ReadLogAsync(Guid id, long after, LogLevel least, int limit, CancellationToken cancellationToken) =>
        inner.ReadLogAsync(id, after, least, limit, cancellationToken);

    public TypeHold HoldOf(TaskType type) => inner.HoldOf(type);

    public ValueTask<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken) => inner.ListAsync(query, cancellationToken);

    public ValueTask<TaskCounts> CountAsync(CancellationToken cancellationToken) => inner.CountAsync(cancellationToken);

    public ValueTask<RemoveOutcome> RemoveAsync(Guid id, CancellationToken cancellationToken) => inner.RemoveAsync(id, cancellationToken);

    public bool WasRemoved(Guid id) => inner.WasRemoved(id);

    public async ValueTask<int> RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        await At(BeforeRemoveExpired);
        return await inner.RemoveExpiredAsync(cancellationToken);
    }

    private static ValueTask At(Func<ValueTask>? point) => point?.Invoke() ?? default;
}
