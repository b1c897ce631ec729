using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace TaskManager.Api.OpenApi;

/// <summary>Completes the document: what it is about, where it is served, and the schemas that its operations name.</summary>
internal sealed class DocumentTransformer(ITaskManager tasks) : IOpenApiDocumentTransformer
{
    private const string Description = """
        Runs long tasks: submit one, get 202 and its address, poll it or wait for it with `?wait=true`, cancel, pause or resume it on the way.

        Errors are problem details (RFC 9457): `type` names the kind, and `errors` every fault at once. Each client address has a budget of requests; the
        `RateLimit` header tells what is left of it, and the `Retry-After` of a 429 when there is some again.
        """;

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "TaskManager",
            Version = typeof(DocumentTransformer).Assembly.GetName().Version!.ToString(fieldCount: 3),
            Description = Description,
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        DocumentServers.AddTo(document, context.DescriptionGroups.SelectMany(group => group.Items));
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas = DocumentSchemas.Of(tasks.Types.All);
        document.SetReferenceHostDocument();
        return Task.CompletedTask;
    }
}
