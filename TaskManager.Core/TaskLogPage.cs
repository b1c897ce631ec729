namespace TaskManager;

/// <summary>Some lines of a task's log, oldest first.</summary>
/// <param name="Items">The lines.</param>
/// <param name="Next">The sequence to ask for what comes after; <see langword="null"/> when nothing more is kept.</param>
/// <param name="Dropped">How many lines were dropped because the log keeps only the last <see cref="TaskManagerOptions.MaxLogEntries"/>.</param>
public sealed record TaskLogPage(IReadOnlyList<TaskLogEntry> Items, long? Next, long Dropped);
