using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Testing;
using TaskManager.Tests.Api.OpenApi;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Api;

/// <summary>Every request of <c>requests.http</c> works, and together they show all that there is.</summary>
[Trait("Proof", "http")]
public sealed class RequestFileTests
{
    private static readonly IReadOnlyList<RequestExample> Requests = RequestFile.Read(Repository.Read("TaskManager.Api", "requests.http"));

    [Fact]
    public async Task EachRequest_OneAfterTheOther_IsAnsweredAsAnnounced()
    {
        await using var factory = new WebApplicationFactory<Program>();
        using HttpClient client = NewClient(factory);
        var named = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (RequestExample example in Requests)
        {
            string Find(string name, string path) => Member(named[name], path).GetString()!;
            (int status, string body) = await SendAsync(client, example, Find);

            Assert.True(example.Announced is { } announced ? status == announced : status < 400, $"{example} answered {status}: {body}");
            if (example.Name is { } name)
            {
                named.Add(name, JsonElement.Parse(body));
            }
        }
    }

    [Fact]
    public void Requests_GoWhereTheServiceListensByDefault() =>
        Assert.All(Requests, request => Assert.StartsWith("http://localhost:8000/", request.Address, StringComparison.Ordinal));

    [Fact]
    public async Task Requests_Together_UseEveryEndpoint()
    {
        await using var factory = new WebApplicationFactory<Program>();
        using HttpClient client = NewClient(factory);
        JsonObject document = await DescribedService.ReadDocumentAsync(client);
        IEnumerable<string> endpoints = document["paths"]!.AsObject()
            .Where(path => path.Key != "/tasks/ws") // no editor speaks it in one way that the others understand
            .SelectMany(path => path.Value!.AsObject().Where(member => member.Key is "get" or "post" or "patch" or "delete" or "put").Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"));

        Assert.All(endpoints, endpoint => Assert.Contains(Requests, request => IsMeant(request, endpoint)));
    }

    [Fact]
    public void Requests_Together_UseEveryMemberOfASubmission()
    {
        string bodies = string.Concat(Requests.Select(request => request.Body));
        string[] members =
        [
            "task_type", "parameters", "priority", "delay_seconds", "run_at", "timeout_seconds", "max_attempts", "depends_on", "on_dependency_failure", "unique_key",
            "reuse_result_for_seconds", "fairness_key", "tags",
        ];
        Assert.All(members, member => Assert.Contains($"\"{member}\"", bodies, StringComparison.Ordinal));
        Assert.Contains(Requests, request => request.Headers.Any(header => header.Name == "Idempotency-Key"));
    }

    private static JsonElement Member(JsonElement answer, string path) =>
        path.Split('[', ']', '.').Where(step => step.Length > 0).Aggregate(answer, (at, step) => int.TryParse(step, CultureInfo.InvariantCulture, out int index) ? at[index] : at.GetProperty(step));

    private static HttpClient NewClient(WebApplicationFactory<Program> factory) =>
        factory.WithWebHostBuilder(builder => builder.UseSetting("RateLimit:Enabled", "false")).CreateClient();

    private static async Task<(int Status, string Body)> SendAsync(HttpClient client, RequestExample example, Func<string, string, string> find)
    {
        using var request = new HttpRequestMessage(example.Method, new Uri(RequestFile.Fill(example.Address, find)).PathAndQuery);
        foreach ((string name, string value) in example.Headers.Where(header => header.Name != "Content-Type"))
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        if (example.Headers.FirstOrDefault(header => header.Name == "Content-Type") is { Value: { } mediaType })
        {
            request.Content = new StringContent(RequestFile.Fill(example.Body, find), Encoding.UTF8, mediaType);
        }

        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).WithPatienceAsync();
        bool isStream = response.Content.Headers.ContentType?.MediaType == "text/event-stream"; // which need not end
        return isStream ? ((int)response.StatusCode, string.Empty) : ((int)response.StatusCode, (await HttpAnswer.ReadAsync(response)).Text);
    }

    private static bool IsMeant(RequestExample request, string endpoint)
    {
        string template = Regex.Replace(Regex.Escape(endpoint), @"\\\{\w+}", "[^/?]+", RegexOptions.None, TimeSpan.FromSeconds(1));
        string path = RequestFile.Fill(request.Address, (_, _) => "id").Replace("http://localhost:8000", string.Empty, StringComparison.Ordinal).Split('?')[0];
        return Regex.IsMatch($"{request.Method} {path}", $"^{template}$", RegexOptions.None, TimeSpan.FromSeconds(1));
    }
}
