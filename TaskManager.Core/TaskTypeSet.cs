using System.Collections.Frozen;

namespace TaskManager;

/// <summary>The task types that a claim may take, by name. Immutable; two sets of the same names are equal.</summary>
public sealed class TaskTypeSet : IEquatable<TaskTypeSet>
{
    private readonly FrozenSet<string> _names;
    private readonly int _hash;

    /// <summary>Initializes a new instance of the <see cref="TaskTypeSet"/> class.</summary>
    /// <param name="names">The names; upper and lower case differ.</param>
    public TaskTypeSet(IEnumerable<string> names)
    {
        _names = names.ToFrozenSet(StringComparer.Ordinal);
        _hash = _names.Aggregate(0, (hash, name) => hash ^ StringComparer.Ordinal.GetHashCode(name)); // whatever their order
    }

    /// <summary>Gets the names, in no particular order.</summary>
    public IReadOnlyCollection<string> Names => _names;

    /// <summary>Tells whether a type is in the set.</summary>
    /// <param name="taskType">Its name.</param>
    /// <returns><see langword="true"/> when it is.</returns>
    public bool Contains(string taskType) => _names.Contains(taskType);

    /// <inheritdoc/>
    public bool Equals(TaskTypeSet? other) => other is not null && (ReferenceEquals(this, other) || (_hash == other._hash && _names.SetEquals(other._names)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TaskTypeSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;
}
