namespace TaskManager.Lifecycle;

/// <summary>Exponential back-off with jitter: the first delay, doubled with each failure up to a bound, ± 20 %.</summary>
internal static class RetryBackoff
{
    public const double JitterShare = 0.2;

    /// <summary>Gets the delay before the next attempt.</summary>
    /// <param name="first">The delay after the first failure.</param>
    /// <param name="longest">The bound, before the jitter.</param>
    /// <param name="failures">How many attempts have failed, this one included; at least 1.</param>
    /// <param name="random">An even draw from [0, 1).</param>
    public static TimeSpan Delay(TimeSpan first, TimeSpan longest, int failures, double random)
    {
        double doubled = Math.Min(longest.Ticks, first.Ticks * Math.Pow(2, Math.Min(failures - 1, 62)));
        double jittered = doubled * (1 + (JitterShare * ((2 * random) - 1)));
        return new TimeSpan((long)Math.Min(jittered, TimeSpan.MaxValue.Ticks));
    }
}
