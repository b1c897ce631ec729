namespace TaskManager;

/// <summary>
/// Parameters or a result that came over the wire, or will go there: the bytes as they are written, beside the value that was read from them.
/// A value that never leaves the process is kept as it is, without one of these.
/// </summary>
/// <param name="Utf8">One JSON value in UTF-8, without a byte order mark.</param>
/// <param name="Value">The value, for handlers and callers in this process; <see langword="null"/> when only the bytes are known.</param>
public sealed record JsonPayload(ReadOnlyMemory<byte> Utf8, object? Value);
