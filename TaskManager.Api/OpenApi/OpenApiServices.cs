using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using TaskManager.AspNetCore;

namespace TaskManager.Api.OpenApi;

/// <summary>Adds what writes the OpenAPI document.</summary>
internal static class OpenApiServices
{
    public static IServiceCollection AddTaskManagerOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = IsDescribed;
        options.AddOperationTransformer<OperationTransformer>();
        options.AddDocumentTransformer<DocumentTransformer>();
    });

    private static bool IsDescribed(ApiDescription api) =>
        api.ActionDescriptor.EndpointMetadata.OfType<EndpointDescription>().Any() && !DocumentServers.IsRepeated(api);
}
