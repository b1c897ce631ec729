using System.Text.Json;

namespace TaskManager.Tests.Conformance;

/// <summary><c>GET /openapi/v1.json</c>.</summary>
[Trait("Part", "host")]
public sealed class OpenApiTests(ConformanceHost host) : WireTest(host)
{
    private static readonly string[] Operations =
    [
        "POST /tasks", "GET /tasks", "HEAD /tasks", "POST /tasks/batch", "GET /tasks/stats", "GET /tasks/events", "GET /tasks/ws",
        "GET /tasks/{id}", "HEAD /tasks/{id}", "DELETE /tasks/{id}", "GET /tasks/{id}/status", "PATCH /tasks/{id}/status", "GET /tasks/{id}/result", "GET /tasks/{id}/logs",
        "GET /tasks/{id}/events", "POST /tasks/{id}/cancel", "POST /tasks/{id}/pause", "POST /tasks/{id}/resume", "POST /tasks/{id}/retry",
        "GET /task-types", "GET /task-types/{type}",
        "GET /workers", "POST /workers/register", "DELETE /workers/{id}", "POST /workers/{id}/claim", "POST /workers/{id}/heartbeat",
        "POST /tasks/{id}/complete", "POST /tasks/{id}/fail", "POST /tasks/{id}/release", "POST /tasks/{id}/progress", "POST /tasks/{id}/logs",
        "GET /workers/internal/status", "POST /workers/internal/scale", "POST /workers/internal/stop", "POST /workers/internal/start",
        "GET /health", "HEAD /health", "GET /ready", "HEAD /ready", "GET /metrics",
    ];

    [Fact]
    public async Task Document_IsJsonOfVersion31()
    {
        JsonElement document = await DocumentAsync();

        Assert.StartsWith("3.1.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.NotEqual(string.Empty, document.GetProperty("info").GetProperty("title").GetString());
        Assert.NotEqual(string.Empty, document.GetProperty("info").GetProperty("version").GetString());
    }

    [Fact]
    public async Task Document_ListsEveryEndpoint()
    {
        IEnumerable<string> documented =
            from path in (await DocumentAsync()).GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            select $"{operation.Name.ToUpperInvariant()} {path.Name}";

        Assert.Empty(Operations.Except(documented));
    }

    [Fact]
    public async Task Document_EveryOperation_SaysWhatItAnswersUnderAnIdOfItsOwn()
    {
        JsonElement[] operations =
        [
            .. from path in (await DocumentAsync()).GetProperty("paths").EnumerateObject()
               from member in path.Value.EnumerateObject()
               where member.Value.ValueKind == JsonValueKind.Object && member.Value.TryGetProperty("operationId", out _)
               select member.Value,
        ];

        Assert.True(operations.Length >= Operations.Length);
        Assert.All(operations, operation => Assert.NotEmpty(operation.GetProperty("responses").EnumerateObject()));
        Assert.Distinct(operations.Select(operation => operation.GetProperty("operationId").GetString()));
    }

    [Fact]
    public async Task Document_References_AllPointAtSomething()
    {
        JsonElement document = await DocumentAsync();

        string[] references = [.. References(document).Distinct(StringComparer.Ordinal)];

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.True(Exists(document, reference), reference));
    }

    [Fact]
    public async Task Document_EveryTaskType_HasASchemaOfItsParameters()
    {
        JsonElement schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas");

        Assert.All(
            (await Wire.GetAsync("/task-types")).Is(200).Member("items").EnumerateArray().Where(type => type.GetProperty("runs_on").GetString() == "pool"),
            type => Assert.True(schemas.TryGetProperty($"{type.GetProperty("task_type")}_parameters", out _), type.GetRawText()));
    }

    private static bool Exists(JsonElement document, string reference)
    {
        Assert.StartsWith("#/", reference, StringComparison.Ordinal);
        JsonElement at = document;
        return reference[2..].Split('/').All(name => at.TryGetProperty(name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal), out at));
    }

    private static IEnumerable<string> References(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => member is { Name: "$ref", Value.ValueKind: JsonValueKind.String } ? [member.Value.GetString()!] : References(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private async Task<JsonElement> DocumentAsync() => (await Wire.SendAsync(HttpMethod.Get, Wire.AtRoot("/openapi/v1.json"), content: null)).Is(200).Json;
}
