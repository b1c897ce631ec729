namespace TaskManager;

/// <summary>What the rate limit says to one request. Every span is exact as long as nobody else makes a request.</summary>
/// <param name="IsAllowed">Whether the request passes.</param>
/// <param name="Limit">How many requests a client may make within any one window; at least 1.</param>
/// <param name="Remaining">
/// How many further requests would pass at this moment, not counting this one if it was admitted; 0 to <paramref name="Limit"/>.
/// </param>
/// <param name="RetryAfter">The time until a request passes; zero when this one does, otherwise above zero.</param>
/// <param name="ResetAfter">
/// The time until <paramref name="Remaining"/> next grows by itself, when the oldest admitted request leaves the window;
/// zero when no admitted request is in it. Equals <paramref name="RetryAfter"/> for a request that is refused.
/// </param>
public readonly record struct RateLimitDecision(bool IsAllowed, int Limit, int Remaining, TimeSpan RetryAfter, TimeSpan ResetAfter)
{
    /// <summary>Gets <see cref="RetryAfter"/> in whole seconds, rounded up: one second earlier a request is still refused.</summary>
    /// <value>At least 1 for a request that is refused, 0 for one that passes.</value>
    public int RetryAfterSeconds => IsAllowed ? 0 : Math.Max(1, (int)Math.Ceiling(RetryAfter.TotalSeconds));
}
