using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace TaskManager.Types;

/// <summary>Reads, checks and writes the values of one task type.</summary>
internal sealed class TaskTypeCodec
{
    private readonly JsonTypeInfo _parameters;
    private readonly JsonTypeInfo _result;
    private readonly ParameterRules? _rules;
    private readonly Lazy<JsonNode> _parametersSchema;
    private readonly Lazy<JsonNode> _resultSchema;
    private BoundedJsonWriter? _spare; // taken by one at a time; whoever finds none makes one

    public TaskTypeCodec(JsonTypeInfo parameters, JsonTypeInfo result)
    {
        _parameters = parameters;
        _result = result;
        _rules = ParameterRules.Of(parameters);
        _parametersSchema = new(() => ParameterSchema.Of(parameters));
        _resultSchema = new(() => ParameterSchema.Of(result));
    }

    public Type ParametersType => _parameters.Type;

    public Type ResultType => _result.Type;

    public JsonNode ParametersSchema => _parametersSchema.Value;

    public JsonNode ResultSchema => _resultSchema.Value;

    public JsonNode? ParametersAsNode(object value) => JsonSerializer.SerializeToNode(value, _parameters);

    /// <summary>Reads parameters that came over the wire.</summary>
    /// <param name="utf8">One complete JSON value, of a depth that was checked before.</param>
    /// <param name="path">The path of the value in the request.</param>
    /// <param name="faults">Gets every fault.</param>
    /// <returns>The value; meaningless when there are faults.</returns>
    public object? Read(ReadOnlySpan<byte> utf8, string path, ValidationFaults faults)
    {
        object? value;
        try
        {
            value = JsonSerializer.Deserialize(utf8, _parameters);
        }
        catch (Exception error) // the type's own constructor and converters run here, and may throw anything
        {
            int known = faults.Count;
            using var document = JsonDocument.Parse(utf8.ToArray());
            JsonFaults.Collect(document.RootElement, _parameters, path, faults);
            CheckReadable(document.RootElement, path, faults);
            if (faults.Count == known)
            {
                // The type itself refused what fits its shape.
                faults.Add(path, ValidationFaults.Show(error.Message));
            }

            return null;
        }

        Check(value, path, faults);
        return value;
    }

    /// <summary>Checks a value against its type and the rules that its attributes state.</summary>
    public void Check(object? value, string path, ValidationFaults faults)
    {
        if (value is null)
        {
            if (_parameters.Type != typeof(JsonElement) && _parameters.Type != typeof(object))
            {
                faults.Add(path, $"must be {JsonNames.Of(_parameters.Type)}, not null.");
            }
        }
        else if (!_parameters.Type.IsInstanceOfType(value))
        {
            faults.Add(path, $"must be of type {_parameters.Type}, not {value.GetType()}.");
        }
        else
        {
            CheckRules(value, path, faults);
        }
    }

    /// <summary>Writes parameters that were given in process, for those who look at the task, and to tell equal ones.</summary>
    public JsonPayload? TrySerializeParameters(object? value, int maxBytes, out TaskError? error) => TrySerialize(value, _parameters, maxBytes, out error);

    /// <summary>Turns a result into bytes.</summary>
    /// <param name="value">What the handler returned.</param>
    /// <param name="maxBytes">The bound.</param>
    /// <param name="error">Why there is no payload.</param>
    /// <returns>The payload; <see langword="null"/> when the value is too large or cannot be written.</returns>
    public JsonPayload? TrySerializeResult(object? value, int maxBytes, out TaskError? error) => TrySerialize(value, _result, maxBytes, out error);

    /// <summary>Reads a result back; for callers in this process of a task whose value is known as bytes alone.</summary>
    public object? ReadResult(ReadOnlySpan<byte> utf8) => JsonSerializer.Deserialize(utf8, _result);

    private void CheckRules(object value, string path, ValidationFaults faults)
    {
        try
        {
            _rules?.Check(value, path, faults);
        }
        catch (Exception error) // the type's own members and Validate run here, and may throw anything
        {
            faults.Add(path, ValidationFaults.Show(error.Message));
        }
    }

    private void CheckReadable(JsonElement value, string path, ValidationFaults faults)
    {
        try
        {
            _rules?.CheckReadable(value, path, faults);
        }
        catch (Exception error) // as above
        {
            faults.Add(path, ValidationFaults.Show(error.Message));
        }
    }

    private JsonPayload? TrySerialize(object? value, JsonTypeInfo type, int maxBytes, out TaskError? error)
    {
        try
        {
            BoundedJsonWriter writer = Interlocked.Exchange(ref _spare, null) ?? new BoundedJsonWriter();
            var payload = new JsonPayload(writer.Write(value, type, maxBytes), value);
            if (writer.IsSmall)
            {
                Volatile.Write(ref _spare, writer); // not one that failed in the middle of a value
            }

            error = null;
            return payload;
        }
        catch (ValueTooLargeException)
        {
            error = new TaskError(TaskErrorCodes.ResultTooLarge, $"The value has more than {maxBytes} bytes of JSON.");
        }
        catch (Exception failure) // the value's own getters and converters run here, and may throw anything
        {
            error = new TaskError(TaskErrorCodes.ResultNotSerializable, TaskError.MessageOf(failure), failure.GetType().FullName);
        }

        return null;
    }
}
