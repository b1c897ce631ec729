using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TaskManager.Tests.Api.OpenApi;

/// <summary>
/// Checks values against the schemas of a document, as far as the keywords go that it uses. Stricter than JSON schema in one thing: a member that nobody
/// declares is a fault.
/// </summary>
internal sealed class SchemaCheck(JsonObject document)
{
    public List<string> Faults(JsonNode? value, string schema) => [.. Check(value, document["components"]!["schemas"]![schema]!.AsObject(), schema)];

    public List<string> Faults(JsonNode? value, JsonObject schema) => [.. Check(value, schema, "$")];

    /// <summary>Finds what a reference points at.</summary>
    /// <returns><see langword="null"/> when it points at nothing.</returns>
    public JsonNode? Find(string reference)
    {
        JsonNode? found = document;
        foreach (string step in reference.Split('/').Skip(1))
        {
            found = found is JsonArray array ? array[int.Parse(step, CultureInfo.InvariantCulture)] : found?[step];
        }

        return found;
    }

    public JsonObject Resolve(JsonNode node)
    {
        while (node["$ref"] is { } reference)
        {
            node = Find(reference.GetValue<string>()) ?? throw new InvalidOperationException($"{reference} points at nothing.");
        }

        return node.AsObject();
    }

    private IEnumerable<string> Check(JsonNode? value, JsonObject schema, string path, bool isPart = false)
    {
        schema = Resolve(schema);
        List<string> faults =
        [
            .. CheckValue(value, schema, path),
            .. CheckBounds(value, schema, path),
            .. Subschemas(schema, "allOf").SelectMany(part => Check(value, part, path, isPart: true)),
            .. CheckChoice(value, schema, path),
        ];
        return faults.Concat(value switch
        {
            JsonObject members => CheckMembers(members, schema, path, isPart),
            JsonArray items when schema["items"] is JsonObject each => items.SelectMany((item, index) => Check(item, each, $"{path}[{index}]")),
            _ => [],
        });
    }

    private static IEnumerable<string> CheckValue(JsonNode? value, JsonObject schema, string path)
    {
        string[] types = schema["type"] switch
        {
            JsonArray several => [.. several.Select(type => type!.GetValue<string>())],
            JsonValue one => [one.GetValue<string>()],
            _ => [],
        };
        if (types.Length > 0 && !types.Any(type => IsOf(value, type)))
        {
            yield return $"{path} is no {string.Join(" or ", types)}: {value?.ToJsonString() ?? "null"}";
        }

        if (schema["enum"] is JsonArray allowed && !allowed.Any(candidate => JsonNode.DeepEquals(candidate, value)))
        {
            yield return $"{path} is none of {allowed.ToJsonString()}: {value?.ToJsonString() ?? "null"}";
        }

        if (schema["const"] is { } only && !JsonNode.DeepEquals(only, value))
        {
            yield return $"{path} is not {only.ToJsonString()}";
        }
    }

    private static bool IsOf(JsonNode? value, string type) => (value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        JsonValueKind.Null => type == "null",
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number" || (type == "integer" && double.IsInteger(Number(value!))),
        JsonValueKind.Array => type == "array",
        _ => type == "object",
    };

    private static double Number(JsonNode value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    private static IEnumerable<string> CheckBounds(JsonNode? value, JsonObject schema, string path)
    {
        bool keeps = value?.GetValueKind() switch
        {
            JsonValueKind.Number => IsWithin(Number(value), schema, "minimum", "maximum") && !(Number(value) <= schema["exclusiveMinimum"]?.GetValue<double>()),
            JsonValueKind.Array => IsWithin(value.AsArray().Count, schema, "minItems", "maxItems"),
            JsonValueKind.String => IsWithin(value.GetValue<string>().Length, schema, "minLength", "maxLength") && HasFormat(value.GetValue<string>(), schema),
            _ => true,
        };
        return keeps ? [] : [$"{path} is out of bounds: {value!.ToJsonString()}"];
    }

    private static bool IsWithin(double value, JsonObject schema, string least, string most) =>
        !(value < schema[least]?.GetValue<double>()) && !(value > schema[most]?.GetValue<double>());

    private static bool HasFormat(string value, JsonObject schema) => schema["format"]?.GetValue<string>() switch
    {
        "uuid" => Guid.TryParseExact(value, "D", out _),
        "date-time" => Regex.IsMatch(value, @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)),
        "uri" => Uri.IsWellFormedUriString(value, UriKind.Absolute),
        _ => true,
    };

    private IEnumerable<string> CheckChoice(JsonNode? value, JsonObject schema, string path)
    {
        foreach (string keyword in (string[])["anyOf", "oneOf"])
        {
            JsonObject[] branches = [.. Subschemas(schema, keyword)];
            int fitting = branches.Count(branch => !Check(value, branch, path).Any());
            if (branches.Length > 0 && (fitting == 0 || (fitting > 1 && keyword == "oneOf")))
            {
                yield return $"{path} fits {fitting} of the {branches.Length}: {string.Join("; ", branches.SelectMany(branch => Check(value, branch, path)))}";
            }
        }
    }

    private IEnumerable<string> CheckMembers(JsonObject members, JsonObject schema, string path, bool isPart)
    {
        foreach (string required in schema["required"]?.AsArray().Select(name => name!.GetValue<string>()).Where(name => !members.ContainsKey(name)) ?? [])
        {
            yield return $"{path} lacks {required}";
        }

        Dictionary<string, JsonObject> declared = Declared(schema);
        bool isOpen = schema["additionalProperties"] is not JsonValue && declared.Count == 0;
        foreach ((string name, JsonNode? member) in members)
        {
            JsonObject? rules = declared.GetValueOrDefault(name) ?? schema["additionalProperties"] as JsonObject;
            if (rules is not null)
            {
                foreach (string fault in Check(member, rules, $"{path}.{name}"))
                {
                    yield return fault;
                }
            }
            else if (!isOpen && !isPart)
            {
                yield return $"{path}.{name} is not declared";
            }
        }
    }

    private Dictionary<string, JsonObject> Declared(JsonObject schema)
    {
        var declared = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (JsonObject part in Subschemas(schema, "allOf").Select(Resolve).Append(schema))
        {
            foreach ((string name, JsonNode? rules) in part["properties"]?.AsObject() ?? [])
            {
                declared[name] = rules!.AsObject();
            }
        }

        return declared;
    }

    private static IEnumerable<JsonObject> Subschemas(JsonObject schema, string keyword) => schema[keyword]?.AsArray().Select(part => part!.AsObject()) ?? [];
}
