using System.Text.Json;

namespace TaskManager.Tests.AspNetCore.Endpoints;

/// <summary><c>GET /tasks/ws</c>: subscriptions that cannot be.</summary>
[Trait("Proof", "http")]
public sealed class EventSocketRefusalTests
{
    [Fact]
    public async Task Subscribe_ToNoTask_IsAProblemAndTheSocketStaysOpen()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string purged = await app.SubmitToEndAsync("echo");
        (await app.DeleteAsync($"/tasks/{purged}?purge=true")).Is(204);
        await using SocketClient client = await SocketClient.ConnectAsync(app);

        await client.SendAsync("""{"subscribe":{"task_id":"01980000-0000-7000-8000-000000000000"}}""");
        JsonElement problem = (await client.NextAsync())!.Value.GetProperty("problem");
        Assert.Equal(("urn:taskmanager:problem:task-not-found", 404), (problem.GetProperty("type").GetString(), problem.GetProperty("status").GetInt32()));
        await client.SendAsync($$$"""{"subscribe":{"task_id":"{{{purged}}}"}}""");
        Assert.Equal("problem task-removed", SocketClient.Gist((await client.NextAsync())!.Value));
        await EventSocketTests.AssertNothingIsLeftAsync(client);
    }

    [Fact]
    public async Task Subscribe_AsManyAsMayBe_IsAProblemUntilOneGoes()
    {
        await using HttpApp app = await EventApp.StartAsync(options => options.MaxSubscribers = 1);
        await using SocketClient client = await SocketClient.ConnectAsync(app);
        await EventSocketTests.SubscribeAsync(app, client, """{"type":"echo"}""");
        await client.SendAsync("""{"subscribe":{}}""");
        Assert.Equal("problem too-many-waiters", SocketClient.Gist((await client.NextAsync())!.Value));

        await client.SendAsync("""{"unsubscribe":{"type":"echo"}}""");
        await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) == 0);
        await EventSocketTests.SubscribeAsync(app, client, "{}");
        await EventSocketTests.AssertNothingIsLeftAsync(client);
    }

    [Fact]
    public async Task Subscribe_OnOneSocket_IsBounded()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string[] types = [.. app.Tasks.Types.All.Select(type => type.Name)];
        string[] subscriptions = [.. types.SelectMany(type => TaskStates.All.Select(state => $$"""{"type":"{{type}}","status":"{{state.WireName()}}"}"""))];
        Assert.True(subscriptions.Length > 100);
        await using SocketClient client = await SocketClient.ConnectAsync(app);
        foreach (string subscription in subscriptions[..101])
        {
            await client.SendAsync($$"""{"subscribe":{{subscription}}}""");
        }

        JsonElement refused = (await client.NextAsync())!.Value;

        Assert.Equal("problem invalid-request", SocketClient.Gist(refused));
        Assert.Equal("must not come more than 100 times.", refused.GetProperty("problem").GetProperty("errors").GetProperty("subscribe")[0].GetString());
        await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) == 100);
    }
}
