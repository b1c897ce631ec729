namespace TaskManager;

/// <summary>Which tasks are claimed first. Within a priority the fairness keys take turns; within a key the order of submission decides.</summary>
public enum TaskPriority : byte
{
    /// <summary>After everything else; every eighth claim takes the oldest ready task, so that it is never starved.</summary>
    Low,

    /// <summary>The default.</summary>
    Normal,

    /// <summary>Before normal and low.</summary>
    High,

    /// <summary>Before everything else.</summary>
    Critical,
}
