using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace TaskManager.Tests.Api.OpenApi;

/// <summary>A client that believes the document: each answer must be one that the document promises, by its status, its form, its headers and its body.</summary>
internal sealed class PromiseKeeper(HttpClient client, JsonObject document)
{
    private readonly SchemaCheck _check = new(document);

    public static async Task<PromiseKeeper> MakeAsync(HttpClient client) => new(client, await DescribedService.ReadDocumentAsync(client));

    public Task<JsonNode?> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, body: null, 200, headers);

    public Task<JsonNode?> PostAsync(string path, string? body, int status, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, body, status, headers);

    public async Task<JsonNode?> SendAsync(HttpMethod method, string path, string? body, int status, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        // To a HEAD a real server sends no body; the one of the tests does.
        string text = method == HttpMethod.Head ? string.Empty : await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode == status, $"{method} {path} answered {(int)response.StatusCode}: {text}");
        CheckHeaders(response, Promise(method, path, status));
        return CheckBody(response, Promise(method, path, status), text);
    }

    /// <summary>Tells what is wrong with a submission, by the document.</summary>
    public List<string> FaultsOfSubmission(string body) => _check.Faults(JsonNode.Parse(body), "Submission");

    private JsonObject Promise(HttpMethod method, string path, int status)
    {
        string[] steps = path.Split('?')[0].Replace("/api/v1", string.Empty, StringComparison.Ordinal).Split('/');

        // The path without a variable before the one with: /tasks/stats is no task.
        JsonNode item = document["paths"]!.AsObject()
            .OrderBy(candidate => candidate.Key.Count(c => c == '{'))
            .First(candidate => Matches(candidate.Key.Split('/'), steps)).Value!;
        JsonNode? promise = item[method.Method.ToLowerInvariant()]?["responses"]?[status.ToString(CultureInfo.InvariantCulture)];
        Assert.True(promise is not null, $"{method} {path} answered {status}, which is not promised.");
        return _check.Resolve(promise);
    }

    private static bool Matches(string[] template, string[] steps) =>
        template.Length == steps.Length && template.Zip(steps, (expected, step) => expected.StartsWith('{') || expected == step).All(fits => fits);

    private void CheckHeaders(HttpResponseMessage response, JsonObject promise)
    {
        string[] promised = [.. promise["headers"]?.AsObject().Select(header => header.Key) ?? []];
        string[] telling = [.. document["components"]!["headers"]!.AsObject().Select(header => header.Key)];
        Assert.Empty(response.Headers.Select(header => header.Key).Intersect(telling, StringComparer.OrdinalIgnoreCase).Except(promised, StringComparer.OrdinalIgnoreCase));
    }

    private JsonNode? CheckBody(HttpResponseMessage response, JsonObject promise, string text)
    {
        string? form = response.Content.Headers.ContentType?.MediaType;
        if (text.Length == 0)
        {
            Assert.Null(promise["content"]);
            return null;
        }

        JsonNode? schema = promise["content"]?[form!]?["schema"];
        Assert.True(schema is not null, $"The form {form} is not promised.");
        if (form != "application/x-ndjson")
        {
            JsonNode body = JsonNode.Parse(text)!;
            Assert.Empty(_check.Faults(body, schema.AsObject()));
            return body;
        }

        var lines = new JsonArray([.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line))]);
        Assert.All(lines, line => Assert.Empty(_check.Faults(line, schema.AsObject())));
        return lines;
    }
}
