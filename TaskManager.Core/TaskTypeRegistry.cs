using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using TaskManager.Admission;
using TaskManager.Types;

namespace TaskManager;

/// <summary>The task types that this process knows.</summary>
public sealed class TaskTypeRegistry
{
    private readonly FrozenDictionary<string, TaskType> _byName;
    private readonly FrozenDictionary<Type, TaskType[]> _byParameters;

    internal TaskTypeRegistry(IEnumerable<TaskTypeRegistration> registrations, IOptions<TaskManagerOptions> options)
    {
        var json = TaskJson.Options(options.Value.JsonTypeInfoResolver);
        TaskType[] types = [.. registrations.Select(registration => registration.Build(json, options.Value))];
        string[] twice = [.. types.GroupBy(type => type.Name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key)];
        if (twice.Length > 0)
        {
            throw new InvalidOperationException($"More than one handler was added for the task type {string.Join(", ", twice)}.");
        }

        All = [.. types.OrderBy(type => type.Name, StringComparer.Ordinal)];
        _byName = types.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);
        _byParameters = types.GroupBy(type => type.ParametersType).ToFrozenDictionary(group => group.Key, group => group.ToArray());
    }

    /// <summary>Gets every type, ordered by name.</summary>
    public IReadOnlyList<TaskType> All { get; }

    /// <summary>Finds a type by its name.</summary>
    /// <param name="name">The name; upper and lower case differ.</param>
    /// <returns><see langword="null"/> when there is none.</returns>
    public TaskType? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Finds the type whose parameters are of a .NET type.</summary>
    /// <param name="parametersType">The .NET type.</param>
    /// <returns>The type.</returns>
    /// <exception cref="InvalidOperationException">There is none, or more than one: then the task type must be named.</exception>
    public TaskType FindByParameters(Type parametersType)
    {
        ArgumentNullException.ThrowIfNull(parametersType);
        if (!_byParameters.TryGetValue(parametersType, out TaskType[]? types))
        {
            throw new InvalidOperationException($"No handler was added for parameters of type {parametersType}.");
        }

        return types.Length == 1
            ? types[0]
            : throw new InvalidOperationException(
                $"Parameters of type {parametersType} belong to more than one task type ({string.Join<TaskType>(", ", types)}); name the one you mean.");
    }

    /// <summary>Finds the name that somebody who mistyped one most likely meant.</summary>
    /// <param name="name">The unknown name.</param>
    /// <returns><see langword="null"/> when no name comes near.</returns>
    public string? Nearest(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return NearestName.Find(name, All.Select(type => type.Name));
    }
}
