using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace TaskManager.Types;

/// <summary>
/// Finds every fault of a JSON value that does not fit its type, up to as many as are named, where the serializer stops at the first. Made only after a failure, so that its cost
/// falls on bad requests alone.
/// </summary>
internal static class JsonFaults
{
    public static void Collect(JsonElement value, JsonTypeInfo type, string path, ValidationFaults faults)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when value.ValueKind == JsonValueKind.Object && type.PolymorphismOptions is null:
                CollectMembers(value, type, path, faults);
                break;
            case JsonTypeInfoKind.Enumerable when value.ValueKind == JsonValueKind.Array && type.ElementType is { } element:
                CollectItems(value, type.Options.GetTypeInfo(element), path, faults);
                break;
            case JsonTypeInfoKind.Dictionary when value.ValueKind == JsonValueKind.Object && type.ElementType is { } element:
                foreach (JsonProperty member in value.EnumerateObject().TakeWhile(_ => !faults.IsFull))
                {
                    Collect(member.Value, type.Options.GetTypeInfo(element), $"{path}.{ValidationFaults.Show(member.Name)}", faults);
                }

                break;
            default:
                CollectWhole(value, type, path, faults);
                break;
        }
    }

    public static bool TryRead(JsonElement value, JsonTypeInfo type, out object? read)
    {
        try
        {
            read = value.Deserialize(type);
            return true;
        }
        catch (Exception) // the type's own constructor and converters run here, and may throw anything
        {
            read = null;
            return false;
        }
    }

    private static void CollectMembers(JsonElement value, JsonTypeInfo type, string path, ValidationFaults faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty member in value.EnumerateObject().TakeWhile(_ => !faults.IsFull))
        {
            string memberPath = $"{path}.{ValidationFaults.Show(member.Name)}";
            JsonPropertyInfo? property = type.Properties.FirstOrDefault(candidate => string.Equals(candidate.Name, member.Name, StringComparison.Ordinal));
            if (property is null)
            {
                if (!AllowsUnknown(type))
                {
                    string known = string.Join(", ", type.Properties.Select(candidate => candidate.Name));
                    faults.Add(memberPath, known.Length == 0 ? "is unknown: no member is allowed." : $"is unknown: allowed are {known}.");
                }

                continue;
            }

            seen.Add(member.Name);
            if (member.Value.ValueKind != JsonValueKind.Null)
            {
                Collect(member.Value, type.Options.GetTypeInfo(property.PropertyType), memberPath, faults);
            }
            else if (!AllowsNull(property))
            {
                faults.Add(memberPath, $"must be {JsonNames.Of(property.PropertyType)}, not null.");
            }
        }

        foreach (JsonPropertyInfo missing in type.Properties.Where(property => property.IsRequired && !seen.Contains(property.Name)))
        {
            faults.Add($"{path}.{missing.Name}", $"is missing: it must be {JsonNames.Of(missing.PropertyType)}.");
        }
    }

    /// <summary>Tells whether a type takes members that it does not know, either to skip them or to keep them aside.</summary>
    private static bool AllowsUnknown(JsonTypeInfo type) =>
        (type.UnmappedMemberHandling ?? type.Options.UnmappedMemberHandling) == JsonUnmappedMemberHandling.Skip
        || type.Properties.Any(property => property.IsExtensionData);

    private static bool AllowsNull(JsonPropertyInfo property) =>
        property.PropertyType.IsValueType ? Nullable.GetUnderlyingType(property.PropertyType) is not null : property.IsSetNullable;

    private static void CollectItems(JsonElement value, JsonTypeInfo element, string path, ValidationFaults faults)
    {
        int index = 0;
        foreach (JsonElement item in value.EnumerateArray().TakeWhile(_ => !faults.IsFull))
        {
            Collect(item, element, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), faults);
        }
    }

    private static void CollectWhole(JsonElement value, JsonTypeInfo type, string path, ValidationFaults faults)
    {
        if (!TryRead(value, type, out _))
        {
            faults.Add(path, $"must be {JsonNames.Of(type.Type)}, not {ValidationFaults.Show(value.GetRawText())}.");
        }
    }
}
