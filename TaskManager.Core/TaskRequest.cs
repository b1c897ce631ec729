namespace TaskManager;

/// <summary>A wish for a task that has not been checked yet.</summary>
/// <param name="TaskType">The name of the type.</param>
/// <param name="Parameters">The parameters, of the type's .NET type; or a <see cref="JsonPayload"/> whose bytes are still to be read.</param>
/// <param name="Options">What is asked besides; <see langword="null"/> for nothing.</param>
/// <param name="Fingerprint">What a repetition under the same idempotency key must equal: the SHA-256 of the request's bytes, or empty.</param>
public readonly record struct TaskRequest(string TaskType, object? Parameters, SubmitOptions? Options = null, ReadOnlyMemory<byte> Fingerprint = default);
