namespace TaskManager;

/// <summary>Some of the tasks that a query matches, newest first.</summary>
/// <param name="Items">The tasks, each as it stood when it was looked at.</param>
/// <param name="Next">What <see cref="TaskQuery.Before"/> must be for the next page; <see langword="null"/> at the end.</param>
public sealed record TaskPage(IReadOnlyList<TaskRecord> Items, long? Next);
