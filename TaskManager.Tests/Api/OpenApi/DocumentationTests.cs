using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Testing;

namespace TaskManager.Tests.Api.OpenApi;

[Trait("Proof", "http")]
public sealed class DocumentationTests(DescribedService service) : IClassFixture<DescribedService>
{
    [Fact]
    public async Task Root_Asked_LeadsToTheDocumentation()
    {
        using HttpClient client = service.CreateClient(new() { AllowAutoRedirect = false });
        using HttpResponseMessage answer = await client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Redirect, "/docs"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Theory]
    [InlineData("/docs", "/docs/assets/index.js")]
    [InlineData("/docs/", "/docs/assets/index.js")]
    [InlineData("/redoc", "/redoc/assets/index.js")]
    public async Task Page_Asked_ShowsTheDocumentAndLoadsOnlyFromHere(string path, string settings)
    {
        using HttpClient client = service.CreateClient(new() { AllowAutoRedirect = false });
        using HttpResponseMessage page = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        string html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        string[] loaded = [.. Regex.Matches(html, "(src|href)=\"(?<asset>[^\"]*)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(match => match.Groups["asset"].Value)];
        Assert.Contains(settings, loaded);
        foreach (string asset in loaded)
        {
            Assert.Matches("^/(docs|redoc)/assets/", asset);
            await ReadAsync(client, asset); // is there
        }

        string script = await ReadAsync(client, settings);
        Assert.Contains("\"/openapi/v1.json\"", script, StringComparison.Ordinal);
        Assert.Contains("\"openapi\":", (await ReadAsync(client, "/openapi/v1.json"))[..40], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/docs")]
    [InlineData("/docs/assets/index.html")]
    [InlineData("/docs/assets/index.css")]
    [InlineData("/docs/assets/swagger-ui.css")]
    [InlineData("/docs/assets/index.js")]
    [InlineData("/redoc")]
    [InlineData("/redoc/assets/index.html")]
    [InlineData("/redoc/assets/index.css")]
    [InlineData("/redoc/assets/index.js")]
    public async Task Page_ItsOwnText_NamesNoOtherOrigin(string path)
    {
        using HttpClient client = service.CreateClient();
        string text = await ReadAsync(client, path);

        // The names of XML namespaces, and the comments, are never loaded.
        text = Regex.Replace(text, @"http://www\.w3\.org/[0-9]{4}/[a-z]+|/\*.*?\*/|^\s*//.*$", string.Empty, RegexOptions.Singleline | RegexOptions.Multiline, TimeSpan.FromSeconds(5));
        Assert.DoesNotMatch("https?:|['\"(]//[a-z]", text);
    }

    [Theory]
    [InlineData("/docs")]
    [InlineData("/docs/assets/index.html")]
    [InlineData("/redoc")]
    [InlineData("/redoc/assets/index.html")]
    public async Task Page_ItsPolicy_LetsTheBrowserAskNobodyElse(string path)
    {
        using HttpClient client = service.CreateClient();
        using HttpResponseMessage page = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        string policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.All(
            policy.Split(';').SelectMany(directive => directive.Trim().Split(' ').Skip(1)),
            source => Assert.Contains(source, (string[])["'none'", "'self'", "'unsafe-inline'", "data:", "blob:"]));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OverAndOver_CountsAgainstNoLimit()
    {
        await using WebApplicationFactory<Program> strict = service.WithWebHostBuilder(builder => builder.UseSetting("RateLimit:PermitLimit", "1"));
        using HttpClient client = strict.CreateClient();
        foreach (string path in (string[])["/docs", "/redoc", "/openapi/v1.json", "/docs", "/redoc", "/openapi/v1.json"])
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.False(response.Headers.Contains("RateLimit"));
        }
    }

    [Theory]
    [InlineData("HEAD", HttpStatusCode.OK)]
    [InlineData("POST", HttpStatusCode.MethodNotAllowed)]
    public async Task Page_AskedOtherwise_AnswersLikeAnyEndpoint(string method, HttpStatusCode status)
    {
        using HttpClient client = service.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/docs");
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
    }

    private static async Task<string> ReadAsync(HttpClient client, string path) =>
        await client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
}
