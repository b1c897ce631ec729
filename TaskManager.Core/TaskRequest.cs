namespace TaskManager;

/// <summary>A wish for a task that has not been checked yet.</summary>
/// <param name="TaskType">The name of the type; <see langword="null"/> when there is none, which <paramref name="Faults"/> must say then.</param>
/// <param name="Parameters">The parameters, of the type's .NET type; or a <see cref="JsonPayload"/> whose bytes are still to be read.</param>
/// <param name="Options">What is asked besides; <see langword="null"/> for nothing.</param>
/// <param name="Fingerprint">What a repetition under the same idempotency key must equal: the SHA-256 of the request's bytes, or empty.</param>
/// <param name="Faults">What is known to be wrong already, from reading the request; the check adds what else is.</param>
public readonly record struct TaskRequest(
    string? TaskType, object? Parameters, SubmitOptions? Options = null, ReadOnlyMemory<byte> Fingerprint = default, ValidationFaults? Faults = null);
