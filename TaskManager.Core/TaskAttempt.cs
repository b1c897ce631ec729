namespace TaskManager;

/// <summary>One attempt at a task, for its history.</summary>
/// <param name="Number">The attempt's number, counted from 1; also the fencing token.</param>
/// <param name="Worker">Who ran it.</param>
/// <param name="StartedAt">When it was claimed.</param>
/// <param name="FinishedAt">When it ended; <see langword="null"/> while it lives.</param>
/// <param name="Outcome">How it ended; <see cref="AttemptOutcome.None"/> while it lives.</param>
/// <param name="Error">Why it did not complete.</param>
public sealed record TaskAttempt(
    int Number, string Worker, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, AttemptOutcome Outcome, TaskError? Error)
{
    /// <summary>Gets what was reported for the attempt when the task was no longer its own: evidence of a worker that went on regardless.
    /// The first few; <see cref="LateReportCount"/> counts all.</summary>
    public IReadOnlyList<LateReport> LateReports => Lease?.KeptLateReports ?? [];

    /// <summary>Gets how many reports came too late.</summary>
    public int LateReportCount => Lease?.LateReportCount ?? 0;

    /// <summary>Gets the lease that it ran under.</summary>
    internal TaskLease? Lease { get; init; }

    /// <summary>Gets the wire name of the outcome; <see langword="null"/> while the attempt lives.</summary>
    public string? OutcomeName => Outcome.WireName();
}
