namespace TaskManager;

/// <summary>How long something took; each figure is exact to an eighth. <see langword="null"/> when nothing was measured.</summary>
/// <param name="P50">The median.</param>
/// <param name="P95">What 95 % did not exceed.</param>
/// <param name="P99">What 99 % did not exceed.</param>
public sealed record DurationPercentiles(TimeSpan? P50, TimeSpan? P95, TimeSpan? P99);
