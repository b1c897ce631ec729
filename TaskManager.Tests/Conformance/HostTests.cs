using System.Text.RegularExpressions;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary>What the host has beside the tasks: health, metrics, both places, and problem details where nothing is mapped.</summary>
[Trait("Part", "host")]
public sealed partial class HostTests(ConformanceHost host) : WireTest(host)
{
    [Theory]
    [InlineData("/health", "healthy")]
    [InlineData("/ready", "ready")]
    public async Task Health_Is200AndSaysSo(string path, string status)
    {
        Assert.Equal(status, (await SendAsync(HttpMethod.Get, path)).Is(200).TaskStatus);
        Assert.Equal(string.Empty, (await SendAsync(HttpMethod.Head, path)).Is(200).Text);
    }

    [Fact]
    public async Task Metrics_ArePrometheusTextWithNamesOfTheirOwn()
    {
        HttpAnswer answer = (await SendAsync(HttpMethod.Get, "/metrics")).Is(200);

        Assert.StartsWith("text/plain; version=0.0.4", answer.ContentType, StringComparison.Ordinal);
        string[] lines = answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Matches(MetricLine(), line));
    }

    [Fact]
    public async Task Tasks_AreTheSameAtTheRootAndUnderTheVersionedPrefix()
    {
        string id = await SubmitAsync();

        Assert.Equal((await SendAsync(HttpMethod.Get, $"/tasks/{id}/status")).Is(200).Id, (await SendAsync(HttpMethod.Get, $"/api/v1/tasks/{id}/status")).Is(200).Id);
        (await SendAsync(HttpMethod.Get, "/api/v1/workers")).Is(200);
        (await SendAsync(HttpMethod.Get, "/api/v1/workers/internal/status")).Is(200);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/api/v1")]
    public async Task Location_IsUnderThePrefixThatWasAsked(string prefix)
    {
        HttpAnswer answer = (await Wire.SendAsync(HttpMethod.Post, Wire.AtRoot($"{prefix}/tasks"), WireClient.Content(Body()))).Is(202);

        Assert.Equal($"{prefix}/tasks/{answer.Id}", answer.Header("Location"));
        (await Wire.DeleteAsync($"/tasks/{answer.Id}?purge=true")).Is(204);
    }

    [Fact]
    public async Task Path_OfNothing_Is404AsAProblem() => (await SendAsync(HttpMethod.Get, "/no/such/path")).IsProblem(404, "not-found");

    [Fact]
    public async Task Method_ThatThereIsNot_Is405AsAProblem() => (await SendAsync(HttpMethod.Put, "/tasks")).IsProblem(405, "method-not-allowed");

    [Fact]
    public async Task HostHeader_ThatIsNotServed_Is400()
    {
        foreach (string path in (string[])["/tasks", "/health"])
        {
            (await SendAsync(HttpMethod.Get, path, ("Host", "elsewhere.example"))).IsProblem(400, "bad-request");
        }
    }

    [Fact]
    public async Task Cors_NotConfigured_LetsNobodyIn() => Assert.Null((await SendAsync(HttpMethod.Get, "/tasks?limit=1", ("Origin", "https://elsewhere.example"))).Is(200).Header("Access-Control-Allow-Origin"));

    [Theory]
    [InlineData("/docs")]
    [InlineData("/redoc")]
    public async Task Documentation_IsAPage(string path) => Assert.Equal("text/html; charset=utf-8", (await SendAsync(HttpMethod.Get, path)).Is(200).ContentType);

    [GeneratedRegex(@"^(# (HELP|TYPE) )?taskmanager_[a-z_]+(\{.*\})? ?.*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MetricLine();

    private Task<HttpAnswer> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers) => Wire.SendAsync(method, Wire.AtRoot(path), content: null, headers);
}
