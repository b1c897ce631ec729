namespace TaskManager;

/// <summary>Why ready tasks of a type are passed over.</summary>
public enum TypeHold : byte
{
    /// <summary>They are not.</summary>
    None,

    /// <summary>As many of the type run as may: <see cref="TaskTypeOptions.MaxConcurrency"/>.</summary>
    Concurrency,

    /// <summary>As many of the type began within the span as may: <see cref="TaskTypeOptions.Rate"/>.</summary>
    Rate,
}
