namespace TaskManager;

/// <summary>The names of the outcomes.</summary>
public static class AttemptOutcomes
{
    /// <summary>Gets the name of an outcome on the wire.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <returns><see langword="null"/> for <see cref="AttemptOutcome.None"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such outcome.</exception>
    public static string? WireName(this AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.None => null,
        AttemptOutcome.Completed => "completed",
        AttemptOutcome.Failed => "failed",
        AttemptOutcome.TimedOut => "timed_out",
        AttemptOutcome.Cancelled => "cancelled",
        AttemptOutcome.Released => "released",
        AttemptOutcome.LeaseExpired => "lease_expired",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "No such outcome."),
    };
}
