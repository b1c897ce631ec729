using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace TaskManager.Api.OpenApi;

/// <summary>The headers that tell a client something, each described once among the document's components.</summary>
internal static class AnswerHeaders
{
    /// <summary>Gets the headers that every answer has where the rate limit applies.</summary>
    public static IReadOnlyList<string> OfRateLimit { get; } = ["RateLimit", "RateLimit-Policy"];

    private static readonly Dictionary<string, (string Description, string[] Values)> Known = new(StringComparer.Ordinal)
    {
        ["ETag"] = ("Changes with the task and its progress.", []),
        ["Idempotency-Replayed"] = ("There when the task was submitted before, under the same `Idempotency-Key`.", ["true"]),
        ["Link"] = ("`rel=\"next\"`: the next page; absent at the end.", []),
        ["Location"] = ("The path of the task.", []),
        ["Preference-Applied"] = ("How long the call waited at most, when `Prefer` asked it to.", []),
        ["RateLimit"] = ("Where the rate limit applies: how many requests are left (`r`), and after how many seconds all are again (`t`).", []),
        ["RateLimit-Policy"] = ("Where the rate limit applies: how many requests pass (`q`) within how many seconds (`w`).", []),
        ["Retry-After"] = ("After how many whole seconds to come again.", []),
        ["Task-Reused"] = ("There when a task that was there is the answer, and why.", ["unique-key", "result"]),
    };

    public static Dictionary<string, IOpenApiHeader>? Of(IReadOnlyCollection<string> names, OpenApiDocument document) => names.Count == 0
        ? null
        : names.Distinct(StringComparer.Ordinal).ToDictionary(name => name, IOpenApiHeader (name) => Reference(name, document), StringComparer.Ordinal);

    private static OpenApiHeaderReference Reference(string name, OpenApiDocument document)
    {
        if (document.Components?.Headers?.ContainsKey(name) != true)
        {
            (string description, string[] values) = Known[name];
            document.AddComponent(name, new OpenApiHeader
            {
                Description = description,
                Schema = new OpenApiSchema
                {
                    Type = name == "Retry-After" ? JsonSchemaType.Integer : JsonSchemaType.String,
                    Enum = values.Length == 0 ? null : [.. values.Select(value => JsonValue.Create(value))],
                },
            });
        }

        return new OpenApiHeaderReference(name, document);
    }
}
