using System.Text.Json;

namespace TaskManager.AspNetCore.Answers;

/// <summary>Writes moments: as UTC, with a Z, as RFC 3339 prefers.</summary>
internal static class JsonMoment
{
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset? moment)
    {
        if (moment is { } known)
        {
            writer.WriteString(name, known.UtcDateTime);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
