namespace TaskManager;

/// <summary>What can be asked of a <see cref="TaskState"/>, and its name on the wire.</summary>
public static class TaskStates
{
    /// <summary>How many states there are; the states count from 0.</summary>
    internal const int Count = (int)TaskState.Cancelled + 1;

    /// <summary>Gets every state, in the order of a task's life.</summary>
    public static IReadOnlyList<TaskState> All { get; } = Enum.GetValues<TaskState>();

    /// <summary>Tells whether the task has ended; only an explicit retry leaves such a state.</summary>
    /// <param name="state">The state.</param>
    /// <returns><see langword="true"/> for completed, failed, timed out and cancelled.</returns>
    public static bool IsFinal(this TaskState state) => state >= TaskState.Completed;

    /// <summary>Gets the name that the HTTP surface, the logs and the metrics use.</summary>
    /// <param name="state">The state.</param>
    /// <returns>A word in <c>snake_case</c>, such as <c>timed_out</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is no state.</exception>
    public static string WireName(this TaskState state) => state switch
    {
        TaskState.Scheduled => "scheduled",
        TaskState.Blocked => "blocked",
        TaskState.Queued => "queued",
        TaskState.Processing => "processing",
        TaskState.Paused => "paused",
        TaskState.Completed => "completed",
        TaskState.Failed => "failed",
        TaskState.TimedOut => "timed_out",
        TaskState.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };

    /// <summary>Finds the state with a wire name.</summary>
    /// <param name="wireName">The name, in lower case.</param>
    /// <param name="state">The state found.</param>
    /// <returns><see langword="false"/> when no state has that name.</returns>
    public static bool TryParse(string? wireName, out TaskState state)
    {
        foreach (TaskState candidate in All)
        {
            if (string.Equals(candidate.WireName(), wireName, StringComparison.Ordinal))
            {
                state = candidate;
                return true;
            }
        }

        state = default;
        return false;
    }
}
