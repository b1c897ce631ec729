using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace TaskManager.Types;

/// <summary>The JSON schema (draft 2020-12) of a type, with the bounds that its attributes state.</summary>
internal static class ParameterSchema
{
    private static readonly JsonSchemaExporterOptions Options = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = AddRules };

    public static JsonNode Of(JsonTypeInfo type) => type.GetJsonSchemaAsNode(Options);

    private static JsonNode AddRules(JsonSchemaExporterContext context, JsonNode node)
    {
        if (context.PropertyInfo is not { } property || node is not JsonObject schema)
        {
            return node;
        }

        foreach (DescriptionAttribute description in property.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true).Cast<DescriptionAttribute>() ?? [])
        {
            schema["description"] = description.Description;
        }

        bool isText = property.PropertyType == typeof(string);
        foreach (ValidationAttribute attribute in ParameterRules.AttributesOf(property))
        {
            AddRule(schema, attribute, isText);
        }

        return schema;
    }

    private static void AddRule(JsonObject schema, ValidationAttribute attribute, bool isText)
    {
        (string least, string most) = isText ? ("minLength", "maxLength") : ("minItems", "maxItems");
        switch (attribute)
        {
            case RangeAttribute range:
                schema["minimum"] = Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture);
                schema["maximum"] = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);
                break;
            case MinLengthAttribute minimum:
                schema[least] = minimum.Length;
                break;
            case MaxLengthAttribute maximum:
                schema[most] = maximum.Length;
                break;
            case LengthAttribute length:
                schema[least] = length.MinimumLength;
                schema[most] = length.MaximumLength;
                break;
            case StringLengthAttribute length:
                schema["minLength"] = length.MinimumLength;
                schema["maxLength"] = length.MaximumLength;
                break;
            case RegularExpressionAttribute pattern:
                schema["pattern"] = pattern.Pattern;
                break;
            case AllowedValuesAttribute allowed:
                schema["enum"] = new JsonArray([.. allowed.Values.Select(value => (JsonNode?)Convert.ToString(value, CultureInfo.InvariantCulture))]);
                break;
        }
    }
}
