namespace TaskManager.Lifecycle;

/// <summary>The attempts that ended, oldest first.</summary>
internal static class History
{
    public static IReadOnlyList<TaskAttempt> With(IReadOnlyList<TaskAttempt> earlier, TaskAttempt? ended) => ended is null
        ? earlier
        : earlier.Count < TaskLifecycle.MaxHistory
            ? [.. earlier, ended]
            : [.. earlier.Skip(earlier.Count - TaskLifecycle.MaxHistory + 1), ended];
}
