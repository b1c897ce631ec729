using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;

namespace TaskManager.Api.OpenApi;

/// <summary>
/// The host serves the surface at the root and again under <c>/api/v1</c>. The document describes it once, as one surface on two servers: operations keep
/// the ids that they have in every application, a generated client has each operation once, and its base address chooses. What stands at the root alone,
/// such as the health, names that server as its only one. The addresses are relative: true behind any proxy.
/// </summary>
internal static class DocumentServers
{
    private const string Prefix = "api/v1/";

    private static OpenApiServer Root => new() { Url = "/" };

    private static OpenApiServer Versioned => new() { Url = "/api/v1", Description = "The same tasks, under a versioned prefix." };

    /// <summary>Tells whether an endpoint is one of the second mapping.</summary>
    public static bool IsRepeated(ApiDescription api) => api.RelativePath?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    public static void AddTo(OpenApiDocument document, IEnumerable<ApiDescription> apis)
    {
        document.Servers = [Root, Versioned];
        var repeated = apis.Where(IsRepeated).Select(api => $"/{api.RelativePath![Prefix.Length..]}").ToHashSet(StringComparer.Ordinal);
        foreach (OpenApiPathItem path in document.Paths.Where(path => !repeated.Contains(path.Key)).Select(path => path.Value).OfType<OpenApiPathItem>())
        {
            path.Servers = [Root];
        }
    }
}
