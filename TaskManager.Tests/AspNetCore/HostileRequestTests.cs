
namespace TaskManager.Tests.AspNetCore;

/// <summary>On a real server, with what its clients would never send.</summary>
[Trait("Proof", "http")]
public sealed class HostileRequestTests
{
    [Fact]
    public async Task EveryHostileRequest_IsRefusedAndChangesNothing()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { OnKestrel = true });
        string id = await app.SubmitRunningAsync("stubborn");
        string before = await app.StateAsync();
        string task = (await app.GetAsync($"/tasks/{id}")).Text;
        HostileRequest[] requests = [.. HostileRequests.All];
        Assert.InRange(requests.Length, 700, 2_000);
        foreach (HostileRequest request in requests)
        {
            string path = request.Path.Replace("{id}", id, StringComparison.Ordinal);
            HttpAnswer answer = await RawHttp.SendAsync(app.Address, request.Method, path, request.MediaType, request.Body is null ? null : JsonBodies.OfNameOrText(request.Body));
            Assert.True(answer.Status is >= 400 and < 500, $"{request.Method} {request.Path} {request.Body} was answered {answer.Status}: {answer.Text}");
        }

        Assert.Equal(before, await app.StateAsync());
        Assert.Equal(task, (await app.GetAsync($"/tasks/{id}")).Text);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-ndjson")]
    public async Task EveryBadBatch_IsAnsweredAndChangesNothing(string mediaType)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string before = await app.StateAsync();
        foreach (string name in JsonBodies.MalformedNames)
        {
            HttpAnswer answer = await app.SendAsync(HttpMethod.Post, "/tasks/batch", JsonBodies.Content(JsonBodies.Get(name), mediaType));
            Assert.True(answer.Status is 200 or 400, $"{name} was answered {answer.Status}.");
        }

        Assert.Equal(before, await app.StateAsync());
    }
}
