namespace TaskManager;

/// <summary>Which events a watch over all tasks gives. Several values of one filter mean any of them; several filters mean all of them.</summary>
public sealed record TaskWatchFilter
{
    /// <summary>Gets the ids of tasks; empty, the default, for all.</summary>
    public IReadOnlyCollection<Guid> TaskIds { get; init; } = [];

    /// <summary>Gets the names of task types; empty, the default, for all.</summary>
    public IReadOnlyCollection<string> TaskTypes { get; init; } = [];

    /// <summary>Gets the states that a status event must tell of; empty, the default, for all events. With any, progress and log are left out.</summary>
    public IReadOnlyCollection<TaskState> States { get; init; } = [];
}
