namespace TaskManager;

/// <summary>One look at the clock: the moment, and a steady time that no adjustment of the wall clock moves.</summary>
/// <param name="Utc">The moment, for people: created, started, finished, and the moment to run at.</param>
/// <param name="Elapsed">
/// The steady time since an origin that the store chooses; it never goes back. Delays, time-outs, leases and measured durations come from it alone.
/// </param>
public readonly record struct ClockReading(DateTimeOffset Utc, TimeSpan Elapsed);
