using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Pointer;
using Json.Schema;
using Microsoft.Extensions.Options;

namespace TaskManager.Api.Hosting;

/// <summary>A JSON schema that parameters must fit, read once at start.</summary>
internal sealed class ParametersSchema
{
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List };

    private readonly JsonSchema _schema;

    private ParametersSchema(JsonSchema schema, JsonNode shown)
    {
        _schema = schema;
        Shown = shown;
    }

    /// <summary>Gets the schema as it is shown.</summary>
    public JsonNode Shown { get; }

    /// <exception cref="OptionsValidationException">The file is not there, or holds no schema; it names the key.</exception>
    public static ParametersSchema Read(string file, string key)
    {
        try
        {
            string text = File.ReadAllText(file);
            return new ParametersSchema(JsonSchema.FromText(text), JsonNode.Parse(text)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or JsonSchemaException or ArgumentException)
        {
            throw new OptionsValidationException(key, typeof(JsonSchema), [$"{key} is \"{file}\"; it must be a file with a JSON schema: {error.Message}"]);
        }
    }

    /// <summary>Notes everything in which parameters do not fit.</summary>
    public void Check(JsonElement parameters, ValidationFaults faults)
    {
        EvaluationResults results = _schema.Evaluate(parameters, Options);
        if (results.IsValid)
        {
            return;
        }

        foreach (EvaluationResults result in (results.Details ?? []).Prepend(results))
        {
            foreach ((string keyword, string message) in result.Errors ?? [])
            {
                faults.Add(PathOf(result.InstanceLocation), $"does not fit its schema ({keyword}): {message}");
            }
        }
    }

    private static string PathOf(JsonPointer location)
    {
        string path = "parameters";
        for (int i = 0; i < location.SegmentCount; i++)
        {
            string segment = location.GetSegment(i).ToString();
            path += segment.Length > 0 && segment.All(char.IsAsciiDigit) ? $"[{segment}]" : $".{ValidationFaults.Show(segment)}";
        }

        return path;
    }
}
