namespace TaskManager;

/// <summary>A validated wish for a task, before the store has given it an id and a place in the order.</summary>
/// <param name="Type">The type.</param>
/// <param name="Parameters">The parameters: the value itself, or a <see cref="JsonPayload"/> when they came over the wire.</param>
/// <param name="Options">What is asked besides.</param>
/// <param name="Fingerprint">
/// What a repetition must equal to be one: the SHA-256 of the request's bytes. Empty when there is no <see cref="SubmitOptions.IdempotencyKey"/>.
/// </param>
/// <param name="ParametersDigest">
/// What equal parameters have in common, whatever the order of their members; <see langword="null"/> when there is no <see cref="SubmitOptions.ReuseResultFor"/>.
/// </param>
/// <param name="TraceParent">The W3C trace context of whoever submits; <see langword="null"/> when nobody traces.</param>
public readonly record struct TaskSubmission(
    TaskType Type, object? Parameters, SubmitOptions Options, ReadOnlyMemory<byte> Fingerprint = default, string? ParametersDigest = null, string? TraceParent = null);
