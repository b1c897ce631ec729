using Microsoft.Extensions.Logging;

namespace TaskManager;

/// <summary>One line of a task's own log.</summary>
/// <param name="Sequence">The place in the task's log, counted from 1; gaps tell of lines that were dropped.</param>
/// <param name="Level">The level.</param>
/// <param name="Message">The text, at most 4 KiB of UTF-8.</param>
/// <param name="At">When it was written.</param>
public sealed record TaskLogEntry(long Sequence, LogLevel Level, string Message, DateTimeOffset At);
