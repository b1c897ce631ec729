using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace TaskManager.Admission;

/// <summary>What equal parameters have in common: the SHA-256 of their JSON with the members of every object in order of name.</summary>
internal static class ParametersDigest
{
    public static string Of(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        var canonical = new ArrayBufferWriter<byte>(utf8.Length);
        using (var writer = new Utf8JsonWriter(canonical))
        {
            Write(document.RootElement, writer);
        }

        return Convert.ToHexString(SHA256.HashData(canonical.WrittenSpan));
    }

    private static void Write(JsonElement value, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Write(item, writer);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
