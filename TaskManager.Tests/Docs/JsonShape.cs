using System.Text.Json;

namespace TaskManager.Tests.Docs;

/// <summary>Tells whether one answer is like another: the same members in the same order, the same words and numbers, but other ids, times and durations.</summary>
internal static class JsonShape
{
    public static void AssertAlike(JsonElement expected, JsonElement actual) => Assert.Empty(Differences(expected, actual, "$"));

    private static IEnumerable<string> Differences(JsonElement expected, JsonElement actual, string path)
    {
        if (Kind(expected) != Kind(actual))
        {
            return [$"{path} is {actual.ValueKind}, not {expected.ValueKind}"];
        }

        return expected.ValueKind switch
        {
            JsonValueKind.Object => OfObjects(expected, actual, path),
            JsonValueKind.Array => expected.GetArrayLength() == actual.GetArrayLength()
                ? expected.EnumerateArray().Zip(actual.EnumerateArray()).SelectMany((pair, index) => Differences(pair.First, pair.Second, $"{path}[{index}]"))
                : [$"{path} has {actual.GetArrayLength()} items, not {expected.GetArrayLength()}"],
            JsonValueKind.String when IsOfItsMoment(expected) => IsOfItsMoment(actual) ? [] : [$"{path} is {actual}, not like {expected}"],
            JsonValueKind.Number when path.EndsWith("_seconds", StringComparison.Ordinal) => [],
            _ => expected.GetRawText() == actual.GetRawText() ? [] : [$"{path} is {actual}, not {expected}"],
        };
    }

    private static IEnumerable<string> OfObjects(JsonElement expected, JsonElement actual, string path)
    {
        string[] members = [.. expected.EnumerateObject().Select(member => member.Name)];
        return members.SequenceEqual(actual.EnumerateObject().Select(member => member.Name))
            ? members.SelectMany(name => Differences(expected.GetProperty(name), actual.GetProperty(name), $"{path}.{name}"))
            : [$"{path} has the members {string.Join(", ", actual.EnumerateObject().Select(member => member.Name))}, not {string.Join(", ", members)}"];
    }

    private static JsonValueKind Kind(JsonElement value) => value.ValueKind == JsonValueKind.False ? JsonValueKind.True : value.ValueKind;

    /// <summary>Tells whether a text names this very run: it holds an id of a task, an event or a trace, or a time.</summary>
    private static bool IsOfItsMoment(JsonElement text) =>
        text.TryGetDateTimeOffset(out _)
        || text.GetString()!.Split([' ', '/'], StringSplitOptions.RemoveEmptyEntries).Any(word => Guid.TryParse(word, out _) || TaskEventId.TryParse(word, out _));
}
