namespace TaskManager;

/// <summary>What shows that a report comes from whoever runs the task now.</summary>
/// <param name="Token">The lease's token.</param>
/// <param name="Attempt">The number of the attempt, checked too when it is given.</param>
/// <param name="Fingerprint">What the same report would equal, such as a digest of its bytes; <see langword="null"/> when a repetition need not be recognised.</param>
public readonly record struct LeaseProof(Guid Token, int? Attempt = null, string? Fingerprint = null);
