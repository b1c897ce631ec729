using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace TaskManager.Api.OpenApi;

/// <summary>The document's schemas: those of the surface, which <c>schemas.json</c> holds, and those of the task types.</summary>
internal static class DocumentSchemas
{
    private static readonly string Surface = ReadSurface();

    public static IDictionary<string, IOpenApiSchema> Of(IReadOnlyList<TaskType> types)
    {
        JsonObject schemas = JsonNode.Parse(Surface)!.AsObject();
        TaskTypeSchemas.AddTo(schemas, types);

        // Read as a document of its own, so that the references among them are understood as such.
        var document = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject { ["title"] = "Schemas", ["version"] = "1" },
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
        return OpenApiDocument.Parse(document.ToJsonString(), OpenApiConstants.Json).Document!.Components!.Schemas!;
    }

    private static string ReadSurface()
    {
        using Stream resource = typeof(DocumentSchemas).Assembly.GetManifestResourceStream("schemas.json")!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
