using TaskManager.Lifecycle;

namespace TaskManager;

/// <summary>Who may report for a live attempt, and until when.</summary>
/// <param name="Holder">Who claimed: the in-process pool, or the id of a worker.</param>
/// <param name="Worker">Who runs it, for people: one slot of the pool such as <c>internal-2</c>, or the id of a worker.</param>
/// <param name="Token">What a report over the wire must show; <see cref="Guid.Empty"/> in process, where <see cref="LifecycleStatus.Attempt"/> alone fences.</param>
/// <param name="Until">When the lease expires unless it is renewed, in <see cref="ClockReading.Elapsed"/>; <see cref="TimeSpan.MaxValue"/> for a lease without end.</param>
public sealed record TaskLease(string Holder, string Worker, Guid Token, TimeSpan Until)
{
    /// <summary>Gets how many reports came when the task was no longer the holder's.</summary>
    public int LateReportCount => LateReports?.Count ?? 0;

    /// <summary>Gets the first few of them.</summary>
    public IReadOnlyList<LateReport> KeptLateReports => LateReports?.Kept ?? [];

    /// <summary>Gets the fingerprint of the report that ended the attempt, by which its repetition is known; <see langword="null"/> while none has.</summary>
    internal string? Report { get; init; }

    /// <summary>Gets what its holder reported after the task was no longer theirs; shared by all copies of the lease.</summary>
    internal LateReports? LateReports { get; init; } = Token == Guid.Empty ? null : new LateReports();
}
