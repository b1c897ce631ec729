using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary>What every endpoint refuses alike: ids of nothing, methods, forms and sizes.</summary>
public sealed class RefusalTests(ConformanceHost host) : WireTest(host)
{
    public static TheoryData<string, string> OfATask => new()
    {
        { "GET", "" },
        { "GET", "?wait=true" },
        { "GET", "/status" },
        { "GET", "/result" },
        { "GET", "/logs" },
        { "GET", "/events" },
        { "DELETE", "" },
        { "DELETE", "?purge=true" },
        { "POST", "/cancel" },
        { "POST", "/pause" },
        { "POST", "/resume" },
        { "POST", "/retry" },
        { "PATCH", "/status" },
    };

    [Theory]
    [MemberData(nameof(OfATask))]
    public async Task Task_Unknown_Is404(string method, string path) => (await SendAsync(method, $"/tasks/{UnknownId}{path}")).IsProblem(404, "task-not-found");

    [Theory]
    [MemberData(nameof(OfATask))]
    public async Task Task_IdThatIsNone_Is400AndNamed(string method, string path)
    {
        foreach (string id in (string[])["7", "nonsense", $"{UnknownId}0"])
        {
            (await SendAsync(method, $"/tasks/{id}{path}")).IsInvalid("task_id");
        }
    }

    [Theory]
    [InlineData("PUT", "/tasks", "GET, HEAD, POST")]
    [InlineData("PUT", "/tasks/{id}", "DELETE, GET, HEAD")]
    [InlineData("GET", "/tasks/{id}/cancel", "POST")]
    [InlineData("GET", "/tasks/batch", "POST")]
    [InlineData("DELETE", "/tasks/stats", "GET, HEAD")]
    [InlineData("DELETE", "/tasks/events", "GET, HEAD")]
    [InlineData("POST", "/task-types", "GET, HEAD")]
    public async Task Method_ThatThereIsNot_Is405AndSaysWhichThereAre(string method, string path, string allowed)
    {
        HttpAnswer answer = (await SendAsync(method, path.Replace("{id}", UnknownId, StringComparison.Ordinal))).Is(405);

        Assert.Equal(allowed, string.Join(", ", answer.Header("Allow")!.Split(',', StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/json;q=0")]
    [InlineData("application/xml, text/*")]
    public async Task Accept_AdmitsNothingThatIsGiven_Is406AndChangesNothing(string accept)
    {
        string id = await SubmitAsync();

        foreach ((string method, string path) in OfATask.Select(row => (row.Data.Item1, row.Data.Item2)).Where(row => row.Item2 != "/events"))
        {
            (await SendAsync(method, $"/tasks/{id}{path}", ("Accept", accept))).IsProblem(406, "not-acceptable");
        }

        (await SendAsync("GET", "/tasks", ("Accept", accept))).IsProblem(406, "not-acceptable");
        (await PostAsync(Body(), ("Accept", accept))).IsProblem(406, "not-acceptable");
        Assert.Equal(1, (await TaskAsync(id)).Member("version").GetInt32());
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/*")]
    [InlineData("text/html, */*;q=0.1")]
    [InlineData("text/event-stream, application/json")]
    public async Task Accept_AdmitsJson_IsGivenIt(string accept) =>
        Assert.Equal("application/json", (await Wire.GetAsync($"/tasks/{await SubmitAsync()}", ("Accept", accept))).Is(200).ContentType);

    [Fact]
    public async Task Body_OfAMoveBeyond64KiB_Is413()
    {
        string id = await SubmitAsync();

        (await Wire.PatchAsync($"/tasks/{id}/status", $$"""{"status":"{{new string('x', 64 * 1024)}}"}""")).IsProblem(413, "too-large");

        Assert.Equal("queued", (await TaskAsync(id)).TaskStatus);
    }

    [Fact]
    public async Task Body_OfAMoveOfAnotherMediaType_Is415()
    {
        using ByteArrayContent body = WireClient.Content("""{"status":"cancelled"}""", "text/plain");

        (await Wire.SendAsync(HttpMethod.Patch, Wire.At($"/tasks/{await SubmitAsync()}/status"), body)).IsProblem(415, "unsupported-media-type");
    }

    [Theory]
    [InlineData("POST", "/cancel")]
    [InlineData("PATCH", "/status")]
    [InlineData("DELETE", "")]
    public async Task Change_FromAnotherSite_Is403AndChangesNothing(string method, string path)
    {
        string id = await SubmitAsync();

        (await SendAsync(method, $"/tasks/{id}{path}", ("Origin", "https://elsewhere.example"))).IsProblem(403, "cross-site-request");

        Assert.Equal("queued", (await TaskAsync(id)).TaskStatus);
    }

    [Fact]
    public async Task QueryParameters_ThatAreUnknown_AreIgnored()
    {
        string id = await SubmitAsync();

        (await Wire.GetAsync($"/tasks/{id}?colour=red&waits=maybe")).Is(200);
        (await Wire.GetAsync("/tasks?colour=red&limit=1")).Is(200);
    }

    [Fact]
    public async Task Instance_IsThePathThatWasAskedFor() => Assert.Equal(
        Wire.At($"/tasks/{UnknownId}").AbsolutePath, (await Wire.GetAsync($"/tasks/{UnknownId}?wait=true")).IsProblem(404, "task-not-found").GetProperty("instance").GetString());

    private Task<HttpAnswer> SendAsync(string method, string path, params (string Name, string Value)[] headers) =>
        Wire.SendAsync(HttpMethod.Parse(method), path, method == "PATCH" ? """{"status":"cancelled"}""" : null, headers);
}
