using System.Text.Json;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class PatchStatusTests
{
    public static TheoryData<string> Malformed => [.. JsonBodies.MalformedNames];

    [Theory]
    [InlineData("{}", "status")]
    [InlineData("""{"status":null}""", "status")]
    [InlineData("""{"status":1}""", "status")]
    [InlineData("""{"status":["cancelled"]}""", "status")]
    [InlineData("""{"status":"Cancelled"}""", "status")]
    [InlineData("""{"status":"completed"}""", "status")]
    [InlineData("""{"status":"processing"}""", "status")]
    [InlineData("""{"status":""}""", "status")]
    [InlineData("""{"status":"cancelled","x":1}""", "x")]
    [InlineData("""{"state":"cancelled"}""", "state", "status")]
    [InlineData("""{"status":"no","x":{"y":1}}""", "status", "x")]
    [InlineData("[]", "body")]
    [InlineData("\"cancelled\"", "body")]
    [InlineData("null", "body")]
    public async Task Patch_WrongBody_NamesItsFields(string body, params string[] fields)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        string before = await app.StateAsync();
        (await app.PatchAsync($"/tasks/{id}/status", body)).IsInvalid(fields);
        Assert.Equal(before, await app.StateAsync());
        Assert.False((await app.GetAsync($"/tasks/{id}")).Member("cancel_requested").GetBoolean());
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Patch_MalformedBody_IsReportedAlone(string name)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        HttpAnswer answer = await app.SendAsync(HttpMethod.Patch, $"/tasks/{id}/status", JsonBodies.Content(JsonBodies.Get(name), "application/json"));
        Assert.False(answer.IsProblem(400, "malformed-json").TryGetProperty("errors", out _));
    }

    [Fact]
    public async Task Patch_WrongStatus_SaysWhatIsAllowed()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        JsonElement errors = (await app.PatchAsync($"/tasks/{id}/status", """{"status":"done"}""")).IsInvalid("status");
        Assert.Equal("must be one of cancelled, paused, queued, not \"done\".", errors.GetProperty("status")[0].GetString());
    }

    [Fact]
    public async Task Patch_WrongIdAndWrongBody_AreNamedTogether()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.PatchAsync("/tasks/nonsense/status", """{"status":"done"}""")).IsInvalid("status", "task_id");
    }
}
