namespace TaskManager;

/// <summary>A report that came when the task was no longer the reporter's: it changed nothing.</summary>
/// <param name="At">When it came.</param>
/// <param name="Report">What it was: <c>complete</c>, <c>fail</c>, <c>release</c>, <c>progress</c> or <c>logs</c>.</param>
public sealed record LateReport(DateTimeOffset At, string Report);
