using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using TaskManager.AspNetCore;

namespace TaskManager.Tests.AspNetCore.Endpoints;

/// <summary>How a WebSocket begins and ends, on a real server.</summary>
[Trait("Proof", "http")]
public sealed class EventSocketConnectionTests
{
    private static readonly (string, string)[] Upgrade =
        [("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")];

    [Fact]
    public async Task Connect_WithoutAnUpgrade_Is400()
    {
        await using HttpApp app = await EventApp.StartAsync(onKestrel: true);
        (await app.GetAsync("/tasks/ws")).IsProblem(400, "websocket-wanted");
        foreach ((string, string) missing in Upgrade)
        {
            (await app.GetAsync("/tasks/ws", [.. Upgrade.Except([missing])])).IsProblem(400, "websocket-wanted");
        }

        Assert.Equal(405, (await app.PostAsync("/tasks/ws", "{}")).Status);
        Assert.Equal(405, (await app.SendAsync(HttpMethod.Head, "/tasks/ws")).Status);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Connect_FromAnotherSite_Is403(string header, string value)
    {
        await using HttpApp app = await EventApp.StartAsync(onKestrel: true);
        (await app.GetAsync("/tasks/ws", [.. Upgrade, (header, value)])).IsProblem(403, "cross-site-request");
    }

    [Fact]
    public async Task Connect_FromItsOwnOrAnAllowedOrigin_Passes()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup
        {
            OnKestrel = true,
            Build = builder => builder.Services.Configure<TaskManagerHttpOptions>(http => http.AllowedOrigins.Add("https://good.example")),
            Map = EventApp.Map,
        });
        foreach (string origin in (string[])[app.Address.GetLeftPart(UriPartial.Authority), "https://good.example"])
        {
            await using SocketClient client = await SocketClient.ConnectAsync(app.Address, ("Origin", origin));
            await EventSocketTests.SubscribeAsync(app, client, "{}");
            await client.CloseAsync();
            await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) == 0);
        }
    }

    [Fact]
    public async Task Connect_CountsAgainstTheLimitOfItsClient()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { OnKestrel = true, RateLimit = limit => limit.PermitLimit = 1, Map = EventApp.Map });
        await using SocketClient client = await SocketClient.ConnectAsync(app.Address);
        (await app.GetAsync("/tasks/ws", Upgrade)).IsProblem(429, "rate-limited");
    }

    [Fact]
    public async Task Close_ByTheClient_IsAnsweredAndLeavesNothingBehind()
    {
        await using HttpApp app = await EventApp.StartAsync(onKestrel: true);
        string id = await app.SubmitRunningAsync();
        await using SocketClient client = await SocketClient.ConnectAsync(app.Address);
        await EventSocketTests.SubscribeAsync(app, client, "{}");
        await EventSocketTests.SubscribeAsync(app, client, $$"""{"task_id":"{{id}}"}""");

        await client.CloseAsync();

        Assert.Equal((WebSocketState.Closed, WebSocketCloseStatus.NormalClosure), (client.Socket.State, client.Socket.CloseStatus));
        await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) == 0);
    }

    [Fact]
    public async Task Close_ConnectionIsLost_LeavesNothingBehind()
    {
        await using HttpApp app = await EventApp.StartAsync(onKestrel: true);
        await using (SocketClient client = await SocketClient.ConnectAsync(app.Address))
        {
            await EventSocketTests.SubscribeAsync(app, client, "{}");
            client.Socket.Abort();
        }

        await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) == 0);
    }

    [Fact]
    public async Task Close_ClientBreaksTheProtocol_EndsTheConnectionAndLeavesNothingBehind()
    {
        await using HttpApp app = await EventApp.StartAsync(onKestrel: true);
        await using SocketClient client = await SocketClient.ConnectAsync(app.Address);
        await EventSocketTests.SubscribeAsync(app, client, "{}");

        await client.SendAsync([.. "{\"subscribe\":{\"type\":\""u8, 0xFF, .. "\"}}"u8], WebSocketMessageType.Text); // a text is UTF-8

        await Record.ExceptionAsync(client.NextAsync); // that it is told why, no server promises
        Assert.NotEqual(WebSocketState.Open, client.Socket.State);
        await Patience.UntilAsync(async () => await EventApp.SubscribersAsync(app) == 0);
    }

    [Fact]
    public async Task Close_ProcessShutsDown_TellsItsClients()
    {
        await using HttpApp app = await EventApp.StartAsync(onKestrel: true);
        await app.SubmitRunningAsync("stubborn");
        await using SocketClient silent = await SocketClient.ConnectAsync(app.Address);
        await using SocketClient client = await SocketClient.ConnectAsync(app.Address);
        await EventSocketTests.SubscribeAsync(app, client, "{}");

        Task stopping = app.Host.StopAsync(TestContext.Current.CancellationToken);

        foreach (SocketClient told in (SocketClient[])[silent, client])
        {
            Assert.Null(await told.NextAsync());
            Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, told.Socket.CloseStatus);
            await told.CloseAsync();
        }

        app.Handlers.Release();
        await stopping.WithPatienceAsync();
    }

    [Fact]
    public async Task Close_ClientDoesNotAnswer_HoldsUpNoShutdown()
    {
        await using HttpApp app = await EventApp.StartAsync(onKestrel: true);
        await using SocketClient client = await SocketClient.ConnectAsync(app.Address);
        await EventSocketTests.SubscribeAsync(app, client, "{}");

        Task stopping = app.Host.StopAsync(TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() =>
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            return stopping.IsCompleted;
        });

        await stopping;
    }
}
