namespace TaskManager;

/// <summary>Which tasks to list. Several values of one filter mean any of them; several filters mean all of them.</summary>
public sealed record TaskQuery
{
    /// <summary>The largest page.</summary>
    public const int MaxLimit = 1_000;

    /// <summary>How many tasks a page looks at, at most.</summary>
    public const int MaxExamined = 10_000;

    /// <summary>Gets the states; empty, the default, for all.</summary>
    public IReadOnlyCollection<TaskState> States { get; init; } = [];

    /// <summary>Gets the names of task types; empty, the default, for all.</summary>
    public IReadOnlyCollection<string> TaskTypes { get; init; } = [];

    /// <summary>Gets the tags; empty, the default, for all.</summary>
    public IReadOnlyCollection<string> Tags { get; init; } = [];

    /// <summary>Gets how many tasks a page holds at most.</summary>
    /// <value>From 1 to <see cref="MaxLimit"/>. The default is 100.</value>
    public int Limit { get; init; } = 100;

    /// <summary>Gets the sequence that all listed tasks lie before; <see langword="null"/>, the default, begins with the newest.</summary>
    public long? Before { get; init; }

    internal bool Matches(in TaskRecord record)
    {
        TaskDefinition definition = record.Definition;
        return (States.Count == 0 || States.Contains(record.State))
            && (TaskTypes.Count == 0 || TaskTypes.Contains(definition.Type.Name, StringComparer.Ordinal))
            && (Tags.Count == 0 || definition.Options.Tags.Any(tag => Tags.Contains(tag, StringComparer.Ordinal)));
    }
}
