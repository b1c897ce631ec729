using System.Text.Json;
using Microsoft.Extensions.Options;

namespace TaskManager.Types;

/// <summary>One call of <c>AddHandler</c> or <c>AddWorkerTaskType</c>, kept until the options are known.</summary>
/// <param name="Name">The name of the type.</param>
/// <param name="ParametersType">What is asked.</param>
/// <param name="ResultType">What comes of it.</param>
/// <param name="Invoker">What calls the handler; <see langword="null"/> when workers run the type.</param>
/// <param name="Configure">Makes the options.</param>
internal sealed record TaskTypeRegistration(string Name, Type ParametersType, Type ResultType, IHandlerInvoker? Invoker, Func<TaskTypeOptions> Configure)
{
    private const int MaxNameLength = 64;

    /// <summary>The type that a worker makes known by registering: any JSON in, any JSON out.</summary>
    public static TaskTypeRegistration OfWorkers(string name) => new(name, typeof(JsonElement), typeof(JsonElement), Invoker: null, () => new TaskTypeOptions());

    public static bool IsName(string name) => name.Length is > 0 and <= MaxNameLength && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    public static void ThrowIfNoName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!IsName(name))
        {
            throw new ArgumentException(
                $"\"{name}\" is no name for a task type; it must have 1 to {MaxNameLength} letters, digits, '_', '-' or '.'.", nameof(name));
        }
    }

    /// <summary>Refuses a result that is awaited: a handler that returns one would be taken for one that has ended when it has only begun.</summary>
    public static void ThrowIfAwaitable(Type result, string parameterName)
    {
        if (result.IsAssignableTo(typeof(Task)) || result == typeof(ValueTask) || (result.IsGenericType && result.GetGenericTypeDefinition() == typeof(ValueTask<>)))
        {
            throw new ArgumentException($"A handler must return its result or a Task, not a {result}; AsTask() makes a Task of a ValueTask.", parameterName);
        }
    }

    public TaskType Build(JsonSerializerOptions json, TaskManagerOptions defaults)
    {
        TaskTypeOptions options = Configure();
        var ranges = new OptionRanges($"The task type \"{Name}\"");
        ranges.CheckTimeout(nameof(options.Timeout), options.Timeout);
        ranges.Check(nameof(options.MaxAttempts), options.MaxAttempts ?? 1, 1, 1_000);
        ranges.Check(nameof(options.RetryDelay), options.RetryDelay ?? TimeSpan.Zero, TimeSpan.Zero, OptionRanges.LongestTimeout);
        ranges.Check(nameof(options.MaxConcurrency), options.MaxConcurrency ?? 1, 1, 1_000_000);
        ranges.Check("Rate.Count", options.Rate?.Count ?? 1, 1, 100_000);
        ranges.Check("Rate.Per", options.Rate?.Per ?? TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        if (ranges.Failures.Count > 0)
        {
            throw new OptionsValidationException(Name, typeof(TaskTypeOptions), ranges.Failures);
        }

        var codec = new TaskTypeCodec(json.GetTypeInfo(ParametersType), json.GetTypeInfo(ResultType));
        return new TaskType(Name, codec, Invoker, options, defaults);
    }

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");
}
