using System.Text.Json;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class JsonBodyTests
{
    public static TheoryData<string> Malformed => [.. JsonBodies.MalformedNames];

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Submit_MalformedBody_IsReportedAlone(string name)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string before = await app.StateAsync();
        HttpAnswer answer = await app.SendAsync(HttpMethod.Post, "/tasks", JsonBodies.Content(JsonBodies.Get(name), "application/json"));
        JsonElement problem = answer.IsProblem(400, "malformed-json");
        Assert.False(problem.TryGetProperty("errors", out _));
        Assert.Equal(before, await app.StateAsync());
    }

    [Fact]
    public async Task Submit_MalformedBody_SaysWhere()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        JsonElement problem = (await app.PostAsync("/tasks", "{\n  \"task_type\": gate\n}")).IsProblem(400, "malformed-json");
        Assert.StartsWith("At line 2, byte 16:", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"task_type":"gate","x":1,"x":2}""", "x")]
    [InlineData("""{"task_type":"echo","parameters":{"a":[{"b":1,"\u0062":2}]}}""", "b")]
    public async Task Submit_MemberTwice_NamesIt(string body, string member)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        JsonElement problem = (await app.PostAsync("/tasks", body)).IsProblem(400, "malformed-json");
        Assert.Contains($"\"{member}\"", problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_DepthOf32_IsAcceptedAndComesBack()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer answer = (await app.PostAsync("/tasks", JsonBodies.Nested(32), ("Prefer", "wait=60"))).Is(200);
        Assert.Equal("completed", answer.TaskStatus);
        Assert.Equal(answer.Member("parameters").GetRawText(), answer.Member("result").GetRawText());
    }

    [Theory]
    [InlineData("\"\\u0000\\u001f\\u2028 \\ud83d\\ude00 </script>\"")]
    [InlineData("[1.0,-0,1e308,1E-400,123456789012345678901234567890,\"\\/\"]")]
    [InlineData("{\"\":{},\"a\":[],\"A\":null,\"\\u0061b\":true}")]
    [InlineData("null")]
    public async Task Submit_OddButValidParameters_ComeBackAsTheyAre(string parameters)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer answer = (await app.PostAsync("/tasks", $$"""{"task_type":"echo","parameters":{{parameters}}}""", ("Prefer", "wait=60"))).Is(200);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(parameters), answer.Member("parameters")));
        Assert.Equal("completed", answer.TaskStatus);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(parameters), answer.Member("result")));
    }

    [Fact]
    public async Task Submit_WhiteSpaceAroundTheBody_IsAllowed()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.PostAsync("/tasks", " \r\n\t{ \"task_type\" : \"gate\" } \n")).Is(202);
    }
}
