using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using TaskManager.AspNetCore;

namespace TaskManager.Api.OpenApi;

/// <summary>Writes an operation by the <see cref="EndpointDescription"/> of its endpoint, and by nothing else.</summary>
internal sealed class OperationTransformer(ITaskManager tasks) : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        EndpointDescription endpoint = context.Description.ActionDescriptor.EndpointMetadata.OfType<EndpointDescription>().Single();
        OpenApiDocument document = context.Document!;
        bool isHead = HttpMethods.IsHead(context.Description.HttpMethod!);
        operation.OperationId = isHead ? $"{endpoint.Id}Head" : endpoint.Id;
        operation.Summary = isHead ? $"{endpoint.Summary} Only the headers." : endpoint.Summary;
        operation.Description = null;
        operation.Parameters = endpoint.Parameters.Count == 0 ? null : [.. endpoint.Parameters.Select(parameter => Parameter(parameter, document))];
        operation.RequestBody = endpoint.Body.Count == 0 ? null : Body(endpoint.Body, document);
        operation.Responses = OperationAnswers.Of(endpoint, isHead, document);
        return Task.CompletedTask;
    }

    private static OpenApiParameter Parameter(ParameterDescription parameter, OpenApiDocument document) => new()
    {
        Name = parameter.Name,
        In = Enum.Parse<ParameterLocation>(parameter.In, ignoreCase: true),
        Required = parameter.In == "path",
        Description = parameter.Description,
        Schema = new OpenApiJsonReader().ReadFragment<OpenApiSchema>(JsonNode.Parse(parameter.Schema)!, OpenApiSpecVersion.OpenApi3_1, document, out _),
    };

    private OpenApiRequestBody Body(IReadOnlyDictionary<string, string> schemas, OpenApiDocument document) => new()
    {
        Required = true,
        Content = schemas.ToDictionary(form => form.Key, form => Form(form.Key, form.Value, document), StringComparer.Ordinal),
    };

    private OpenApiMediaType Form(string mediaType, string schema, OpenApiDocument document) => new()
    {
        Schema = new OpenApiSchemaReference(schema, document),
        Examples = schema == "Submission" && mediaType == "application/json" ? TaskTypeSchemas.Examples(tasks.Types.All) : null,
    };
}
