namespace TaskManager;

/// <summary>What may be asked of one task besides its parameters. Immutable; share one instance between many tasks if it fits.</summary>
public sealed record SubmitOptions
{
    /// <summary>The most tags a task may have.</summary>
    public const int MaxTags = 20;

    /// <summary>The longest tag, unique key or fairness key, in characters.</summary>
    public const int MaxKeyLength = 64;

    /// <summary>The most tasks that one task may depend on.</summary>
    public const int MaxParents = 1_000;

    internal static SubmitOptions Default { get; } = new();

    /// <summary>Gets the priority. The default is <see cref="TaskPriority.Normal"/>.</summary>
    public TaskPriority Priority { get; init; } = TaskPriority.Normal;

    /// <summary>Gets how long after its submission the task becomes due, by the steady clock. Zero, the default, means at once; not together with <see cref="RunAt"/>.</summary>
    /// <value>From zero to 100 years.</value>
    public TimeSpan Delay { get; init; }

    /// <summary>Gets the moment at which the task becomes due, by the wall clock; a moment in the past means at once.</summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>Gets the longest time that one attempt may run; <see langword="null"/>, the default, for that of the task type.</summary>
    /// <value>From 1 millisecond to 24 days, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>.</value>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Gets how many attempts may fail or time out before the task does; <see langword="null"/>, the default, for that of the task type.</summary>
    /// <value>From 1 to 1000.</value>
    public int? MaxAttempts { get; init; }

    /// <summary>Gets the tasks that must complete first, at most <see cref="MaxParents"/>. A task submitted earlier is the only one that can be named, so a cycle is impossible.</summary>
    public IReadOnlyList<Guid> DependsOn { get; init; } = [];

    /// <summary>Gets what happens when one of them does not complete. The default is <see cref="DependencyFailurePolicy.Cancel"/>.</summary>
    public DependencyFailurePolicy OnDependencyFailure { get; init; }

    /// <summary>Gets words to find the task by, at most <see cref="MaxTags"/> of at most <see cref="MaxKeyLength"/> characters.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Gets the key on whose behalf the task runs: within a priority the keys take turns. <see langword="null"/>, the default, shares one key with all others that have none.</summary>
    public string? FairnessKey { get; init; }

    /// <summary>Gets the key that only one unfinished task of its type may have: while there is one, a further submission joins it.</summary>
    public string? UniqueKey { get; init; }

    /// <summary>Gets how old the result of an equal task may be to answer this submission at once; <see langword="null"/>, the default, for never.</summary>
    /// <value>More than zero, at most 100 years.</value>
    public TimeSpan? ReuseResultFor { get; init; }

    /// <summary>Gets the key that makes a repeated submission answer with the first one's task, for as long as that task is kept.</summary>
    /// <value>1 to 255 printable ASCII characters.</value>
    public string? IdempotencyKey { get; init; }
}
