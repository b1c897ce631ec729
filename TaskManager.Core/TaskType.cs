using System.Text.Json;
using System.Text.Json.Nodes;
using TaskManager.Types;

namespace TaskManager;

/// <summary>A kind of task: its name, who handles it, and by which rules. Immutable; found in the <see cref="TaskTypeRegistry"/>.</summary>
public sealed class TaskType
{
    private readonly TaskTypeOptions _options;
    private readonly TaskManagerOptions _defaults;

    internal TaskType(string name, TaskTypeCodec codec, IHandlerInvoker? invoker, TaskTypeOptions options, TaskManagerOptions defaults)
    {
        Name = name;
        Codec = codec;
        Invoker = invoker;
        _options = options;
        _defaults = defaults;
    }

    /// <summary>Gets the name: 1 to 64 characters out of letters, digits, <c>_</c>, <c>-</c> and <c>.</c>.</summary>
    public string Name { get; }

    /// <summary>Gets a value indicating whether workers run the type over the wire, and not a handler in this process.</summary>
    public bool RunsOnWorkers => Invoker is null;

    /// <summary>Gets what such a task does.</summary>
    public string? Description => _options.Description;

    /// <summary>Gets the type of the parameters.</summary>
    public Type ParametersType => Codec.ParametersType;

    /// <summary>Gets the type of the result.</summary>
    public Type ResultType => Codec.ResultType;

    /// <summary>Gets the longest time that one attempt may run.</summary>
    public TimeSpan Timeout => _options.Timeout ?? _defaults.DefaultTimeout;

    /// <summary>Gets how many attempts may fail or time out before the task does.</summary>
    public int MaxAttempts => _options.MaxAttempts ?? _defaults.MaxAttempts;

    /// <summary>Gets a value indicating whether an attempt that timed out is retried like one that failed.</summary>
    public bool RetryOnTimeout => _options.RetryOnTimeout;

    /// <summary>Gets the delay after the first failure; it doubles with each further one.</summary>
    public TimeSpan RetryDelay => _options.RetryDelay ?? _defaults.RetryDelay;

    /// <summary>Gets how many tasks of the type may run at once; <see langword="null"/> for as many as there are slots.</summary>
    public int? MaxConcurrency => _options.MaxConcurrency;

    /// <summary>Gets how many attempts of the type may begin within a span of time; <see langword="null"/> for any number.</summary>
    public TaskRate? Rate => _options.Rate;

    /// <summary>Gets a JSON schema (draft 2020-12) of the parameters.</summary>
    public JsonNode ParametersSchema => (_options as WorkerTaskTypeOptions)?.ParametersSchema ?? Codec.ParametersSchema;

    /// <summary>Gets a JSON schema (draft 2020-12) of the result.</summary>
    public JsonNode ResultSchema => (_options as WorkerTaskTypeOptions)?.ResultSchema ?? Codec.ResultSchema;

    /// <summary>Gets parameters that would be accepted, as JSON; <see langword="null"/> when none were given.</summary>
    public JsonNode? Example => _options.Example is null ? null : Codec.ParametersAsNode(_options.Example);

    /// <summary>Writes parameters of this type as JSON.</summary>
    /// <param name="value">The parameters.</param>
    /// <param name="maxBytes">How many bytes of JSON they may have.</param>
    /// <param name="error">Why there is no payload.</param>
    /// <returns><see langword="null"/> when they are too large or cannot be written.</returns>
    public JsonPayload? TrySerializeParameters(object? value, int maxBytes, out TaskError? error) => Codec.TrySerializeParameters(value, maxBytes, out error);

    /// <summary>Writes a result of this type as JSON.</summary>
    /// <param name="value">The result.</param>
    /// <param name="maxBytes">How many bytes of JSON it may have.</param>
    /// <param name="error">Why there is no payload: <see cref="TaskErrorCodes.ResultTooLarge"/> or <see cref="TaskErrorCodes.ResultNotSerializable"/>.</param>
    /// <returns><see langword="null"/> when it is too large or cannot be written.</returns>
    public JsonPayload? TrySerializeResult(object? value, int maxBytes, out TaskError? error) => Codec.TrySerializeResult(value, maxBytes, out error);

    /// <summary>Gets or sets the type's place in the order in which this process came to know of them.</summary>
    internal int Ordinal { get; set; }

    internal TaskTypeCodec Codec { get; }

    /// <summary>Gets what calls the handler; <see langword="null"/> when workers run the type.</summary>
    internal IHandlerInvoker? Invoker { get; }

    /// <summary>Gets what checks the parameters besides their .NET type.</summary>
    internal Action<JsonElement, ValidationFaults>? CheckParameters => (_options as WorkerTaskTypeOptions)?.CheckParameters;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
