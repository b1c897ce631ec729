namespace TaskManager;

/// <summary>Whether tasks are accepted and claimed.</summary>
/// <param name="IsReady">The answer.</param>
/// <param name="Reason">Why not, in a word for programs: <c>stopping</c>, <c>too_many_abandoned</c> or <c>store_unavailable</c>; <see langword="null"/> when ready.</param>
/// <param name="Detail">Why not, in a sentence for people; <see langword="null"/> when ready.</param>
public sealed record TaskManagerReadiness(bool IsReady, string? Reason = null, string? Detail = null);
