using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using TaskManager.AspNetCore;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class CrossSiteTests
{
    private const string Body = """{"task_type":"gate"}""";

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("localhost")]
    [InlineData("https://localhost")]
    [InlineData("http://localhost:81")]
    [InlineData("http://localhost.evil.example")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://localhost, http://localhost")]
    public async Task Submit_FromAnotherOrigin_IsRefused(string origin)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string before = await app.StateAsync();
        JsonElement problem = (await app.PostAsync("/tasks", Body, ("Origin", origin))).IsProblem(403, "cross-site-request");
        Assert.Contains($"\"{origin}\"", problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.Equal(before, await app.StateAsync());
    }

    [Fact]
    public async Task Submit_FromAnEmptyOrigin_IsRefused()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { OnKestrel = true });
        byte[] request = Encoding.Latin1.GetBytes(
            $"POST /tasks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\nOrigin: \r\n\r\n{Body}");
        (await RawHttp.SendAsync(app.Address, request)).IsProblem(403, "cross-site-request");
    }

    [Fact]
    public async Task Submit_ToAHostThatIsNoName_IsFromAnotherOrigin()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { OnKestrel = true });
        byte[] request = Encoding.Latin1.GetBytes("POST /tasks HTTP/1.1\r\nHost: xn--9999\r\nConnection: close\r\nOrigin: http://a\r\nContent-Length: 0\r\n\r\n");
        (await RawHttp.SendAsync(app.Address, request)).IsProblem(403, "cross-site-request");
    }

    [Theory]
    [InlineData("http://localhost")]
    [InlineData("http://localhost:80")]
    [InlineData("HTTP://LOCALHOST")]
    public async Task Submit_FromTheOwnOrigin_Passes(string origin)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.PostAsync("/tasks", Body, ("Origin", origin), ("Sec-Fetch-Site", "same-origin"))).Is(202);
    }

    [Theory]
    [InlineData("cross-site", 403)]
    [InlineData("same-site", 403)]
    [InlineData("nonsense", 403)]
    [InlineData("same-origin", 202)]
    [InlineData("none", 202)]
    public async Task Submit_WithoutAnOrigin_TheFetchMetadataDecide(string site, int status)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.PostAsync("/tasks", Body, ("Sec-Fetch-Site", site))).Is(status);
    }

    [Theory]
    [InlineData("POST", "/tasks")]
    [InlineData("POST", "/tasks/batch")]
    [InlineData("POST", "/tasks/{id}/cancel")]
    [InlineData("POST", "/tasks/{id}/pause")]
    [InlineData("POST", "/tasks/{id}/resume")]
    [InlineData("POST", "/tasks/{id}/retry")]
    [InlineData("PATCH", "/tasks/{id}/status")]
    [InlineData("DELETE", "/tasks/{id}")]
    [InlineData("DELETE", "/tasks/{id}?purge=true")]
    public async Task EveryChange_FromAnotherSite_IsRefused(string method, string path)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        string before = await app.StateAsync();
        HttpAnswer answer = await app.SendAsync(
            HttpMethod.Parse(method), path.Replace("{id}", id, StringComparison.Ordinal), HttpApp.JsonContent("{\"status\":\"cancelled\"}"), ("Origin", "https://evil.example"));
        answer.IsProblem(403, "cross-site-request");
        Assert.Equal(before, await app.StateAsync());
        Assert.Equal(2, (await app.GetAsync($"/tasks/{id}")).Member("version").GetInt32());
    }

    [Theory]
    [InlineData("GET", "/tasks")]
    [InlineData("HEAD", "/tasks")]
    [InlineData("GET", "/tasks/stats")]
    [InlineData("GET", "/task-types")]
    public async Task Look_FromAnotherSite_ChangesNothingAndPasses(string method, string path)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.SendAsync(HttpMethod.Parse(method), path, content: null, ("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"))).Is(200);
    }

    [Fact]
    public async Task Submit_FromAnAllowedOrigin_Passes()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup
        {
            Build = builder => builder.Services.Configure<TaskManagerHttpOptions>(http => http.AllowedOrigins.Add("https://good.example/")),
        });
        (await app.PostAsync("/tasks", Body, ("Origin", "https://good.example"), ("Sec-Fetch-Site", "cross-site"))).Is(202);
        (await app.PostAsync("/tasks", Body, ("Origin", "https://good.example:444"))).Is(403);
        (await app.PostAsync("/tasks", Body, ("Origin", "http://good.example"))).Is(403);
    }
}
