using System.Net.Http.Headers;
using System.Text.Json;

namespace TaskManager.Benchmarks.Http;

/// <summary>What the scenarios say to the host over HTTP.</summary>
internal static class Submissions
{
    public const string JsonType = "application/json";

    /// <summary>A task that ends at once.</summary>
    public const string Add = """{"task_type":"add","parameters":{"a":1,"b":2}}""";

    /// <summary>A task that does not begin while anything is measured.</summary>
    public const string Later = """{"task_type":"add","parameters":{"a":1,"b":2},"delay_seconds":3600}""";

    public static async Task<string> SubmitAsync(HttpClient client, string submission)
    {
        using var content = new StringContent(submission, new MediaTypeHeaderValue(JsonType));
        using HttpResponseMessage response = await client.PostAsync(new Uri("/tasks", UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        using JsonDocument task = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return task.RootElement.GetProperty("task_id").GetString()!;
    }

    /// <summary>Counts the tasks that are queued or running.</summary>
    public static async Task<long> ActiveAsync(HttpClient client)
    {
        using JsonDocument statistics = await ReadAsync(client, "/tasks/stats");
        JsonElement states = statistics.RootElement.GetProperty("states");
        return states.GetProperty("queued").GetInt64() + states.GetProperty("processing").GetInt64();
    }

    public static async Task<long> WaitersAsync(HttpClient client)
    {
        using JsonDocument statistics = await ReadAsync(client, "/tasks/stats");
        return statistics.RootElement.GetProperty("bounds").GetProperty("waiters").GetProperty("used").GetInt64();
    }

    private static async Task<JsonDocument> ReadAsync(HttpClient client, string path) =>
        JsonDocument.Parse(await client.GetByteArrayAsync(new Uri(path, UriKind.Relative)));
}
