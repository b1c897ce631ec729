using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TaskManager.AspNetCore;

namespace TaskManager.Tests.Docs;

/// <summary>Holds the tables of endpoints to what is mapped.</summary>
[Trait("Proof", "readme")]
public sealed partial class EndpointTableTests(WebApplicationFactory<Program> service) : IClassFixture<WebApplicationFactory<Program>>
{
    [Fact]
    public void Endpoints_OfTheReadme_AreThoseThatAreMapped() =>
        Assert.Equal(Mapped(), Documented(Repository.Read("README.md")));

    [Fact]
    public void Endpoints_ThatAreMapped_AreDescribedOneByOne() =>
        Assert.Empty(Mapped().Except(Documented(Repository.Read("docs", "http-api.md"))));

    private IReadOnlyList<string> Mapped() =>
    [
        .. service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<EndpointDescription>() is not null && !endpoint.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Where(method => method != HttpMethod.Head.Method).Select(method => $"{method} {endpoint.RoutePattern.RawText}"))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Reads the first column of a table of endpoints. A path without a method stands beside the one before: <c>`POST /tasks/{id}/cancel` · `/pause`</c>.</summary>
    private static IReadOnlyList<string> Documented(string markdown)
    {
        var endpoints = new List<string>();
        foreach (string code in Markdown.Table(markdown, "endpoint").SelectMany(cells => Markdown.Code(cells[0])))
        {
            if (EndpointPattern().Match(code) is { Success: true } whole)
            {
                endpoints.Add(whole.Value);
            }
            else if (code.StartsWith('/'))
            {
                string before = endpoints[^1];
                endpoints.Add(before[..before.LastIndexOf('/')] + code.Split('?')[0]);
            }
        }

        return [.. endpoints.Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex(@"^(GET|POST|PATCH|DELETE) /[^?\s]*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EndpointPattern();
}
