namespace TaskManager.AspNetCore.Requests;

/// <summary>What a WebSocket's client wants to hear of. Two with the same members are the same one, wherever they began.</summary>
internal sealed record SocketSubscription(Guid? TaskId, string? TaskType, TaskState? State)
{
    /// <summary>Gets the event to begin behind.</summary>
    public TaskEventId? After { get; init; }

    public bool Equals(SocketSubscription? other) => other is not null && TaskId == other.TaskId && TaskType == other.TaskType && State == other.State;

    public override int GetHashCode() => HashCode.Combine(TaskId, TaskType, State);

    public TaskWatchFilter ToFilter() => new()
    {
        TaskIds = TaskId is { } id ? [id] : [],
        TaskTypes = TaskType is { } type ? [type] : [],
        States = State is { } state ? [state] : [],
    };
}
