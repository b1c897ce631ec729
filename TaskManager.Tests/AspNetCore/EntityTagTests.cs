namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class EntityTagTests
{
    [Fact]
    public async Task ETag_IsTheVersionAndTheCountOfProgress()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync("steps");
        Assert.Equal("W/\"2.0\"", (await app.GetAsync($"/tasks/{id}")).Header("ETag"));
        app.Handlers.Step();
        await app.Handlers.SteppedAsync();
        Assert.Equal("W/\"2.1\"", (await app.GetAsync($"/tasks/{id}")).Header("ETag"));
        Assert.Equal("W/\"2.1\"", (await app.GetAsync($"/tasks/{id}/status")).Header("ETag"));
    }

    [Theory]
    [InlineData("W/\"2.0\"")]
    [InlineData("\"2.0\"")]
    [InlineData("*")]
    [InlineData("\"x\", W/\"1.0\" ,W/\"2.0\"")]
    public async Task IfNoneMatch_StillTrue_Is304(string known)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        foreach (string path in (string[])[string.Empty, "/status"])
        {
            HttpAnswer answer = (await app.GetAsync($"/tasks/{id}{path}", ("If-None-Match", known))).Is(304);
            Assert.Equal(string.Empty, answer.Text);
            Assert.Equal("W/\"2.0\"", answer.Header("ETag"));
            Assert.Equal("private, no-cache", answer.Header("Cache-Control"));
            Assert.Equal("1", answer.Header("Retry-After"));
        }
    }

    [Theory]
    [InlineData("W/\"1.0\"")]
    [InlineData("W/\"2.1\"")]
    [InlineData("W/\"3.0\"")]
    [InlineData("2.0")]
    [InlineData("garbage, \"")]
    public async Task IfNoneMatch_NotTrueAnyMore_IsTheTask(string known)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        Assert.Equal("processing", (await app.GetAsync($"/tasks/{id}", ("If-None-Match", known))).Is(200).TaskStatus);
    }

    [Fact]
    public async Task IfNoneMatch_DoneTask_Is304WithoutRetryAfter()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitToEndAsync("echo");
        string tag = (await app.GetAsync($"/tasks/{id}")).Header("ETag")!;
        HttpAnswer answer = (await app.GetAsync($"/tasks/{id}?wait=true", ("If-None-Match", tag))).Is(304);
        Assert.Null(answer.Header("Retry-After"));
    }

    [Fact]
    public async Task IfNoneMatch_OnTheResult_IsIgnored()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitToEndAsync("echo");
        (await app.GetAsync($"/tasks/{id}/result", ("If-None-Match", "*"))).Is(200);
    }
}
