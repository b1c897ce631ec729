namespace TaskManager;

/// <summary>How full one bounded thing is.</summary>
/// <param name="Used">How much is in use.</param>
/// <param name="Max">How much may be.</param>
public sealed record BoundUsage(long Used, long Max);
