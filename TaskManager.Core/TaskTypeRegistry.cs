using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Extensions.Options;
using TaskManager.Admission;
using TaskManager.Types;

namespace TaskManager;

/// <summary>The task types that this process knows: those with a handler, those that were declared for workers, and those that workers have made known by registering.</summary>
public sealed class TaskTypeRegistry
{
    private readonly Lock _gate = new();
    private readonly JsonSerializerOptions _json;
    private readonly TaskManagerOptions _options;
    private readonly FrozenDictionary<Type, TaskType[]> _byParameters;
    private Known _known; // replaced under _gate, read without it

    internal TaskTypeRegistry(IEnumerable<TaskTypeRegistration> registrations, IOptions<TaskManagerOptions> options)
    {
        _json = TaskJson.Options(options.Value.JsonTypeInfoResolver);
        _options = options.Value;
        TaskType[] types = [.. registrations.Select(registration => registration.Build(_json, _options))];
        string[] twice = [.. types.GroupBy(type => type.Name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key)];
        if (twice.Length > 0)
        {
            throw Wrong([.. twice.Select(name => $"The task type \"{name}\" was added more than once; a type has one handler, or is run by workers.")]);
        }

        if (types.Length > _options.MaxTaskTypes)
        {
            throw Wrong($"{types.Length} task types were added, but {TaskManagerOptions.SectionName}:{nameof(_options.MaxTaskTypes)} allows {_options.MaxTaskTypes}.");
        }

        Number(types, first: 0);
        _known = Known.Of(types);
        _byParameters = types.GroupBy(type => type.ParametersType).ToFrozenDictionary(group => group.Key, group => group.ToArray());
        OfPool = new TaskTypeSet(types.Where(type => !type.RunsOnWorkers).Select(type => type.Name));
    }

    /// <summary>Gets every type, ordered by name.</summary>
    public IReadOnlyList<TaskType> All => Volatile.Read(ref _known).Ordered;

    /// <summary>Gets the types that have a handler in this process.</summary>
    public TaskTypeSet OfPool { get; }

    /// <summary>Finds a type by its name.</summary>
    /// <param name="name">The name; upper and lower case differ.</param>
    /// <returns><see langword="null"/> when there is none.</returns>
    public TaskType? Find(string name) => Volatile.Read(ref _known).ByName.GetValueOrDefault(name);

    /// <summary>Finds the type whose parameters are of a .NET type.</summary>
    /// <param name="parametersType">The .NET type.</param>
    /// <returns>The type.</returns>
    /// <exception cref="InvalidOperationException">There is none, or more than one: then the task type must be named.</exception>
    public TaskType FindByParameters(Type parametersType)
    {
        ArgumentNullException.ThrowIfNull(parametersType);
        if (!_byParameters.TryGetValue(parametersType, out TaskType[]? types))
        {
            throw new InvalidOperationException($"No task type with parameters of type {parametersType} was added.");
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

    /// <summary>Makes types known that a worker runs, all or none. Those that are known stay as they are.</summary>
    /// <returns><see langword="false"/> when there would be more than may be.</returns>
    internal bool TryMakeKnown(IEnumerable<string> names)
    {
        lock (_gate)
        {
            TaskType[] added = [.. names.Where(name => Find(name) is null).Distinct(StringComparer.Ordinal).Select(name => TaskTypeRegistration.OfWorkers(name).Build(_json, _options))];
            if (_known.Ordered.Length + added.Length > _options.MaxTaskTypes)
            {
                return false;
            }

            if (added.Length > 0)
            {
                Number(added, first: _known.Ordered.Length);
                Volatile.Write(ref _known, Known.Of([.. _known.Ordered, .. added]));
            }

            return true;
        }
    }

    private static OptionsValidationException Wrong(params string[] failures) => new(nameof(TaskTypeRegistry), typeof(TaskTypeOptions), failures);

    private static void Number(TaskType[] types, int first)
    {
        for (int i = 0; i < types.Length; i++)
        {
            types[i].Ordinal = first + i;
        }
    }

    private sealed record Known(TaskType[] Ordered, FrozenDictionary<string, TaskType> ByName)
    {
        public static Known Of(TaskType[] types) =>
            new([.. types.OrderBy(type => type.Name, StringComparer.Ordinal)], types.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal));
    }
}
