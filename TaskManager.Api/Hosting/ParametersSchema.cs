using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Pointer;
using Json.Schema;
using Microsoft.Extensions.Options;

namespace TaskManager.Api.Hosting;

/// <summary>A JSON schema that parameters must fit, read once at start.</summary>
internal sealed class ParametersSchema
{
    // To divide numbers, the package writes both out on the stack, as many digits as their exponents say: enough to end the process. No double needs more than this.
    private const int LongestNumber = 400;
    private const int LargestExponent = 400;
    private const int MostNamed = 100;

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
        if (!HasUsualNumbers(parameters))
        {
            int left = MostNamed;
            NameUnusualNumbers(parameters, "parameters", faults, ref left);
            return;
        }

        EvaluationResults results;
        try
        {
            results = _schema.Evaluate(parameters, Options);
        }
        catch (Exception error) when (error is FormatException or ArithmeticException)
        {
            faults.Add("parameters", "holds a number that is too large to be compared with those of its schema.");
            return;
        }

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

    private static bool HasUsualNumbers(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().All(member => HasUsualNumbers(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().All(HasUsualNumbers),
        JsonValueKind.Number => IsOfUsualLength(JsonMarshal.GetRawUtf8Value(value)),
        _ => true,
    };

    private static void NameUnusualNumbers(JsonElement value, string path, ValidationFaults faults, ref int left)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    if (left > 0 && !HasUsualNumbers(member.Value))
                    {
                        NameUnusualNumbers(member.Value, Member(path, member.Name), faults, ref left);
                    }
                }

                break;
            case JsonValueKind.Array:
                foreach ((int index, JsonElement item) in value.EnumerateArray().Index())
                {
                    if (left > 0 && !HasUsualNumbers(item))
                    {
                        NameUnusualNumbers(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), faults, ref left);
                    }
                }

                break;
            default:
                left--;
                faults.Add(path, $"must be a number of at most {LongestNumber} characters with an exponent from -{LargestExponent} to {LargestExponent}, not {ValidationFaults.Show(value.GetRawText())}.");
                break;
        }
    }

    private static bool IsOfUsualLength(ReadOnlySpan<byte> number)
    {
        int exponent = number.IndexOfAny((byte)'e', (byte)'E');
        return number.Length <= LongestNumber
            && (exponent < 0 || (int.TryParse(number[(exponent + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int power) && Math.Abs((long)power) <= LargestExponent));
    }

    private static string PathOf(JsonPointer location)
    {
        string path = "parameters";
        for (int i = 0; i < location.SegmentCount; i++)
        {
            string segment = location.GetSegment(i).ToString();
            path = segment.Length > 0 && segment.All(char.IsAsciiDigit) ? $"{path}[{segment}]" : Member(path, segment);
        }

        return path;
    }

    private static string Member(string path, string name) => $"{path}.{ValidationFaults.Show(name)}";
}
