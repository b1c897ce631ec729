namespace TaskManager;

/// <summary>Why a task that has not ended is not running.</summary>
/// <param name="Reason">
/// <c>slot</c> (all are taken), <c>run_at</c> (not due), <c>dependencies</c>, <c>paused</c>, <c>pool_stopped</c> (nothing is claimed), <c>no_worker</c> (no worker that
/// lives runs the type), <c>type_limit</c> or <c>type_rate</c>
/// (the type is at a limit of its own).
/// </param>
public sealed record TaskWaitReason(string Reason)
{
    /// <summary>How many unfinished tasks are named at most.</summary>
    public const int MaxTaskIds = 100;

    /// <summary>Gets when the task becomes due; only with <c>run_at</c>.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Gets the unfinished tasks that it waits for, at most <see cref="MaxTaskIds"/>; only with <c>dependencies</c>.</summary>
    public IReadOnlyList<Guid>? TaskIds { get; init; }

    /// <summary>Gets the type that is at a limit; only with <c>type_limit</c> and <c>type_rate</c>.</summary>
    public TaskType? TaskType { get; init; }
}
