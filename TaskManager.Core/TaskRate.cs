namespace TaskManager;

/// <summary>So many within any span so long.</summary>
/// <param name="Count">How many; from 1 to 100,000.</param>
/// <param name="Per">Within any span of this length; from 1 millisecond to 1 day.</param>
public sealed record TaskRate(int Count, TimeSpan Per);
