using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace TaskManager.Api.OpenApi;

/// <summary>
/// The schemas of the task types, and the submission as one of them. They are called what the type is called, and what of it they are: names that are as
/// unique as the types' own, and never one of the surface's, which have no underscore.
/// </summary>
internal static class TaskTypeSchemas
{
    public static void AddTo(JsonObject schemas, IReadOnlyList<TaskType> types)
    {
        foreach (TaskType type in types)
        {
            schemas[ParametersOf(type)] = SchemaImport.Import(type.ParametersSchema, Reference(ParametersOf(type)));
            schemas[ResultOf(type)] = SchemaImport.Import(type.ResultSchema, Reference(ResultOf(type)));
            schemas[SubmissionOf(type)] = Submission(type);
        }

        if (types.Count > 0)
        {
            schemas["Submission"] = AnySubmission(types);
        }
    }

    /// <summary>Gets a submission to try for each type that has an example.</summary>
    public static Dictionary<string, IOpenApiExample> Examples(IReadOnlyList<TaskType> types) =>
        types.Where(type => type.Example is not null).ToDictionary(type => type.Name, Example, StringComparer.Ordinal);

    private static IOpenApiExample Example(TaskType type) => new OpenApiExample
    {
        Summary = type.Name,
        Description = type.Description,
        Value = new JsonObject { ["task_type"] = type.Name, ["parameters"] = type.Example },
    };

    private static string ParametersOf(TaskType type) => $"{type.Name}_parameters";

    private static string ResultOf(TaskType type) => $"{type.Name}_result";

    private static string SubmissionOf(TaskType type) => $"{type.Name}_submission";

    private static string Reference(string name) => $"#/components/schemas/{name}";

    private static JsonObject ReferenceTo(string name) => new() { ["$ref"] = Reference(name) };

    private static JsonObject Submission(TaskType type) => new()
    {
        ["type"] = "object",
        ["description"] = $"{type.Description ?? $"A task of the type {type.Name}."} Its result is a `{ResultOf(type)}`.",
        ["allOf"] = new JsonArray(ReferenceTo("SubmissionOptions")),
        ["properties"] = new JsonObject
        {
            ["task_type"] = new JsonObject { ["type"] = "string", ["const"] = type.Name },
            ["parameters"] = ReferenceTo(ParametersOf(type)),
        },
        ["required"] = MayBeEmpty(type.ParametersSchema) ? new JsonArray("task_type") : new JsonArray("task_type", "parameters"),
        ["unevaluatedProperties"] = false,
    };

    private static JsonObject AnySubmission(IReadOnlyList<TaskType> types) => new()
    {
        ["description"] = "A task that is wished for: the `task_type` says which parameters it takes.",
        ["oneOf"] = new JsonArray([.. types.Select(type => ReferenceTo(SubmissionOf(type)))]),
        ["discriminator"] = new JsonObject
        {
            ["propertyName"] = "task_type",
            ["mapping"] = new JsonObject(types.Select(type => KeyValuePair.Create(type.Name, (JsonNode?)Reference(SubmissionOf(type))))),
        },
    };

    // Left out, parameters are an empty object.
    private static bool MayBeEmpty(JsonNode schema) =>
        schema is not JsonObject rules
        || (rules["required"] is not JsonArray { Count: > 0 } && (rules["type"]?.ToJsonString() ?? "\"object\"").Contains("\"object\"", StringComparison.Ordinal));
}
