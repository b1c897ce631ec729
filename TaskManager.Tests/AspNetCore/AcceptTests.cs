using System.Text.Json;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class AcceptTests
{
    private const string Json = "application/json";
    private const string Lines = "application/x-ndjson";

    [Theory]
    [InlineData("GET", "/tasks")]
    [InlineData("HEAD", "/tasks")]
    [InlineData("POST", "/tasks")]
    [InlineData("POST", "/tasks/batch")]
    [InlineData("GET", "/tasks/stats")]
    [InlineData("GET", "/tasks/{id}")]
    [InlineData("GET", "/tasks/{id}?wait=true")]
    [InlineData("GET", "/tasks/{id}/status")]
    [InlineData("GET", "/tasks/{id}/result")]
    [InlineData("POST", "/tasks/{id}/cancel")]
    [InlineData("POST", "/tasks/{id}/pause")]
    [InlineData("POST", "/tasks/{id}/resume")]
    [InlineData("POST", "/tasks/{id}/retry")]
    [InlineData("PATCH", "/tasks/{id}/status")]
    [InlineData("DELETE", "/tasks/{id}")]
    [InlineData("GET", "/task-types")]
    [InlineData("GET", "/task-types/add")]
    public async Task EveryEndpoint_NothingThatItGivesIsAccepted_Is406AndChangesNothing(string method, string path)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        string before = await app.StateAsync();
        foreach (string accept in (string[])["text/html", "*/*;q=0", "application/json;q=0", "application/xml, text/*", "application/problem+json"])
        {
            HttpContent? body = method is "POST" or "PATCH" ? HttpApp.JsonContent("""{"status":"cancelled","task_type":"gate"}""") : null;
            HttpAnswer answer = (await app.SendAsync(HttpMethod.Parse(method), path.Replace("{id}", id, StringComparison.Ordinal), body, ("Accept", accept))).Is(406);
            Assert.Equal("application/problem+json", answer.ContentType);
        }

        Assert.Equal(before, await app.StateAsync());
        Assert.Equal(2, (await app.GetAsync($"/tasks/{id}")).Member("version").GetInt32());
    }

    [Fact]
    public async Task Refusal_NamesWhatIsOffered()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        JsonElement problem = (await app.GetAsync("/tasks", ("Accept", "text/html"))).IsProblem(406, "not-acceptable");
        Assert.Contains("application/json, application/x-ndjson", problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, Json)]
    [InlineData("", Json)]
    [InlineData("*/*", Json)]
    [InlineData("application/json", Json)]
    [InlineData("Application/JSON; charset=utf-8", Json)]
    [InlineData("application/*", Json)]
    [InlineData("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", Json)]
    [InlineData("application/x-ndjson", Lines)]
    [InlineData("application/x-ndjson, application/json", Json)]
    [InlineData("application/json;q=0.5, application/x-ndjson", Lines)]
    [InlineData("application/json;q=0, */*", Lines)]
    [InlineData("application/json;q=0, application/*;q=0.1", Lines)]
    [InlineData("*/*;q=0.1, application/x-ndjson;q=0.2", Lines)]
    [InlineData("text/html, application/x-ndjson;q=0.001", Lines)]
    [InlineData("garbage", Json)]
    [InlineData(";;;,,,", Json)]
    [InlineData("application/json;q=nonsense", Json)]
    public async Task List_ChoosesTheFormThatIsWishedForMost(string? accept, string chosen)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        Assert.Equal(chosen, (await app.GetAsync("/tasks", accept is null ? [] : [("Accept", accept)])).Is(200).ContentType);
    }

    [Fact]
    public async Task Get_LinesAreNotOffered_Is406()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitAsync("gate");
        (await app.GetAsync($"/tasks/{id}", ("Accept", Lines))).IsProblem(406, "not-acceptable");
    }
}
