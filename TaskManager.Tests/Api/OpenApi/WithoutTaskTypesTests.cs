using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.OpenApi;

namespace TaskManager.Tests.Api.OpenApi;

[Trait("Proof", "http")]
public sealed class WithoutTaskTypesTests
{
    [Fact]
    public async Task Document_NoTaskTypes_IsStillValid()
    {
        await using var host = new WebApplicationFactory<Program>();
        await using WebApplicationFactory<Program> service = host.WithWebHostBuilder(builder => builder.UseSetting("SampleTasks:Enabled", "false"));
        using HttpClient client = service.CreateClient();

        JsonObject document = await DescribedService.ReadDocumentAsync(client);

        Assert.Empty(OpenApiDocument.Parse(document.ToJsonString(), "json").Diagnostic!.Errors);
        Assert.Null(document["components"]!["schemas"]!["Submission"]!["oneOf"]);
    }
}
