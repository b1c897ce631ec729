namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class MediaTypeTests
{
    [Theory]
    [InlineData("application/json")]
    [InlineData("APPLICATION/JSON")]
    [InlineData("application/json;charset=utf-8")]
    [InlineData("application/json; charset=\"UTF-8\"; x=y")]
    public async Task Submit_Json_IsTaken(string mediaType)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.SendAsync(HttpMethod.Post, "/tasks", JsonBodies.Content("{\"task_type\":\"gate\"}"u8.ToArray(), mediaType))).Is(202);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("text/json")]
    [InlineData("application/*")]
    [InlineData("*/*")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/problem+json")]
    [InlineData("application/json;charset=utf-16")]
    [InlineData("application/json, application/json")]
    [InlineData("application/json garbage")]
    [InlineData("json")]
    public async Task AnyBody_OtherMediaType_IsRefusedAndChangesNothing(string? mediaType)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        string before = await app.StateAsync();
        byte[] submission = "{\"task_type\":\"gate\"}"u8.ToArray();
        (await app.SendAsync(HttpMethod.Post, "/tasks", JsonBodies.Content(submission, mediaType))).IsProblem(415, "unsupported-media-type");
        (await app.SendAsync(HttpMethod.Post, "/tasks/batch", JsonBodies.Content([.. "["u8, .. submission, .. "]"u8], mediaType))).IsProblem(415, "unsupported-media-type");
        (await app.SendAsync(HttpMethod.Patch, $"/tasks/{id}/status", JsonBodies.Content("{\"status\":\"cancelled\"}"u8.ToArray(), mediaType))).IsProblem(415, "unsupported-media-type");
        Assert.Equal(before, await app.StateAsync());
        Assert.Equal("processing", (await app.GetAsync($"/tasks/{id}")).TaskStatus);
    }

    [Fact]
    public async Task Lines_WhereOneValueIsWanted_AreRefused()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.SendAsync(HttpMethod.Post, "/tasks", JsonBodies.Content("{\"task_type\":\"gate\"}"u8.ToArray(), "application/x-ndjson"))).IsProblem(415, "unsupported-media-type");
    }

    [Fact]
    public async Task Refusal_NamesWhatWasGivenAndWhatIsWanted()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string detail = (await app.SendAsync(HttpMethod.Post, "/tasks/batch", JsonBodies.Content("[]"u8.ToArray(), "text/csv"))).IsProblem(415, "unsupported-media-type").GetProperty("detail").GetString()!;
        Assert.Contains("text/csv", detail, StringComparison.Ordinal);
        Assert.Contains("application/json or application/x-ndjson", detail, StringComparison.Ordinal);
    }
}
