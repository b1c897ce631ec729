using System.Globalization;
using System.Text.Json;

namespace TaskManager.AspNetCore.Requests;

/// <summary>Reads the members of a submission: each gives its value, or a fault that names what it must be.</summary>
internal static class SubmitMembers
{
    private const double LongestSeconds = 36_525.0 * 24 * 60 * 60;

    public static string? ReadText(ref Utf8JsonReader reader, string path, ValidationFaults faults)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return JsonBody.Text(ref reader);
        }

        return Refuse<string?>(ref reader, path, "must be a string", faults);
    }

    public static TimeSpan? ReadSeconds(ref Utf8JsonReader reader, string path, ValidationFaults faults)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double seconds) && seconds is >= 0 and <= LongestSeconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        return Refuse<TimeSpan?>(ref reader, path, string.Create(CultureInfo.InvariantCulture, $"must be a number of seconds from 0 to {LongestSeconds}"), faults);
    }

    public static int? ReadCount(ref Utf8JsonReader reader, string path, ValidationFaults faults)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int count))
        {
            return count;
        }

        return Refuse<int?>(ref reader, path, "must be a whole number from 1 to 1000", faults);
    }

    // As text first, which refuses half a character: read as a moment, it would throw.
    public static DateTimeOffset? ReadMoment(ref Utf8JsonReader reader, string path, ValidationFaults faults)
    {
        if (reader.TokenType == JsonTokenType.String && HasOffset(JsonBody.Text(ref reader)) && reader.TryGetDateTimeOffset(out DateTimeOffset moment))
        {
            return moment.ToUniversalTime();
        }

        return Refuse<DateTimeOffset?>(ref reader, path, "must be an RFC 3339 time such as \"2026-12-31T23:59:59Z\"", faults);
    }

    public static T? ReadName<T>(ref Utf8JsonReader reader, string path, IReadOnlyDictionary<string, T> names, ValidationFaults faults)
        where T : struct
    {
        if (reader.TokenType == JsonTokenType.String && names.TryGetValue(JsonBody.Text(ref reader), out T value))
        {
            return value;
        }

        return Refuse<T?>(ref reader, path, $"must be one of {string.Join(", ", names.Keys)}", faults);
    }

    public static string[] ReadTexts(ref Utf8JsonReader reader, string path, int most, ValidationFaults faults) =>
        [.. ReadArray(ref reader, path, most, "strings", faults, ReadItem)];

    public static Guid[] ReadIds(ref Utf8JsonReader reader, string path, int most, ValidationFaults faults) =>
        [.. ReadArray(ref reader, path, most, "task ids", faults, ReadId).OfType<Guid>()];

    // What is refused keeps its place, so that the faults of those behind it are found under their own index.
    private static string ReadItem(ref Utf8JsonReader reader, string path, ValidationFaults faults) => ReadText(ref reader, path, faults) ?? "-";

    private static Guid? ReadId(ref Utf8JsonReader reader, string path, ValidationFaults faults)
    {
        if (reader.TokenType == JsonTokenType.String && TaskIds.TryParse(JsonBody.Text(ref reader), out Guid id))
        {
            return id;
        }

        return Refuse<Guid?>(ref reader, path, "must be a task id", faults);
    }

    public delegate T ItemReader<T>(ref Utf8JsonReader reader, string path, ValidationFaults faults);

    public static List<T> ReadArray<T>(ref Utf8JsonReader reader, string path, int most, string what, ValidationFaults faults, ItemReader<T> readItem)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Refuse<bool>(ref reader, path, $"must be an array of {what}", faults);
            return [];
        }

        var items = new List<T>();
        int count = 0;
        while (JsonBody.Read(ref reader) && reader.TokenType != JsonTokenType.EndArray)
        {
            T item = readItem(ref reader, string.Create(CultureInfo.InvariantCulture, $"{path}[{count}]"), faults);
            if (count++ < most)
            {
                items.Add(item);
            }
        }

        if (count > most)
        {
            faults.Add(path, string.Create(CultureInfo.InvariantCulture, $"must have at most {most} items, not {count}."));
        }

        return items;
    }

    // A time without an offset would mean another moment on every machine.
    private static bool HasOffset(string text)
    {
        int time = text.IndexOf('T', StringComparison.Ordinal);
        return time > 0 && text.AsSpan(time).IndexOfAny('Z', '+', '-') > 0;
    }

    public static T? Refuse<T>(ref Utf8JsonReader reader, string path, string must, ValidationFaults faults)
    {
        string given = reader.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.String => $"\"{ValidationFaults.Show(JsonBody.Text(ref reader))}\"",
            _ => ValidationFaults.Show(System.Text.Encoding.UTF8.GetString(reader.ValueSpan)),
        };
        faults.Add(path, $"{must}, not {given}.");
        JsonBody.Skip(ref reader);
        return default;
    }
}
