using System.Text.Json;
using System.Text.Json.Nodes;

namespace TaskManager.Api.OpenApi;

/// <summary>Turns the JSON schema of a .NET type into one that can stand among the document's components.</summary>
internal static class SchemaImport
{
    /// <summary>Copies a schema.</summary>
    /// <param name="schema">A schema that stands alone: its references begin at its own root.</param>
    /// <param name="root">Where the copy will stand, as a reference.</param>
    /// <returns>
    /// The copy, with references that begin at the document's root, and without what the document's model cannot hold: boolean schemas, and constants that
    /// are no strings.
    /// </returns>
    public static JsonObject Import(JsonNode? schema, string root)
    {
        if (schema is not JsonObject rules)
        {
            return schema?.GetValueKind() == JsonValueKind.False ? new JsonObject { ["not"] = new JsonObject() } : [];
        }

        var copy = new JsonObject();
        foreach ((string keyword, JsonNode? value) in rules)
        {
            switch (keyword)
            {
                case "$ref":
                    copy[keyword] = root + value!.GetValue<string>()[1..];
                    break;
                case "properties":
                    copy[keyword] = new JsonObject(value!.AsObject().Select(member => KeyValuePair.Create(member.Key, (JsonNode?)Import(member.Value, root))));
                    break;
                case "anyOf" or "oneOf" or "allOf":
                    copy[keyword] = new JsonArray([.. value!.AsArray().Select(item => Import(item, root))]);
                    break;
                case "items" or "not" or "additionalProperties" when value is JsonObject || keyword != "additionalProperties":
                    copy[keyword] = Import(value, root);
                    break;
                case "const" when value?.GetValueKind() != JsonValueKind.String:
                    copy["enum"] = new JsonArray(value?.DeepClone());
                    break;
                default:
                    copy[keyword] = value?.DeepClone();
                    break;
            }
        }

        return copy;
    }
}
