using System.Net;
using Microsoft.AspNetCore.Builder;
using TaskManager.AspNetCore;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class RateLimitClientAddressTests
{
    private static readonly HttpAppSetup Limited = new() { RateLimit = _ => { } };

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8::1", "2001:db8::ffff:1", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData(null, null, true)]
    [InlineData(null, "127.0.0.1", false)]
    public async Task Budget_IsOneForOneClient(string? first, string? second, bool isShared)
    {
        await using HttpApp app = await HttpApp.StartAsync(Limited);
        for (int i = 0; i < 10; i++)
        {
            (await app.SendRawAsync("GET", "/tasks", Address(first))).Is(200);
        }

        (await app.SendRawAsync("GET", "/tasks", Address(first))).Is(429);
        (await app.SendRawAsync("GET", "/tasks", Address(second))).Is(isShared ? 429 : 200);
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("Forwarded")]
    [InlineData("X-Real-IP")]
    [InlineData("X-Client-IP")]
    [InlineData("CF-Connecting-IP")]
    [InlineData("True-Client-IP")]
    public async Task ForgedHeader_ChangesNothing(string header)
    {
        await using HttpApp app = await HttpApp.StartAsync(Limited);
        for (int i = 0; i < 10; i++)
        {
            (await app.SendRawAsync("GET", "/tasks", Address("192.0.2.1"), (header, $"198.51.100.{i}"))).Is(200);
        }

        (await app.SendRawAsync("GET", "/tasks", Address("192.0.2.1"), (header, "198.51.100.99"))).Is(429);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/api/v1")]
    [InlineData("/group")]
    public async Task Budget_IsOneOverAllMappings(string spent)
    {
        await using HttpApp app = await HttpApp.StartAsync(Limited with
        {
            Map = host =>
            {
                host.MapTaskManager();
                host.MapTaskManager("/api/v1");
                host.MapGroup("/group").MapTaskManager();
            },
        });
        for (int i = 0; i < 10; i++)
        {
            (await app.GetAsync($"{spent}/tasks")).Is(200);
        }

        foreach (string prefix in (string[])[string.Empty, "/api/v1", "/group"])
        {
            (await app.GetAsync($"{prefix}/task-types")).Is(429);
        }
    }

    [Fact]
    public async Task Cursor_OfOneMapping_IsGoodInAnother()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup
        {
            Map = host =>
            {
                host.MapTaskManager();
                host.MapGroup("/group").MapTaskManager();
            },
        });
        await app.SubmitAsync("gate");
        await app.SubmitAsync("gate");
        string cursor = (await app.GetAsync("/group/tasks?limit=1")).Member("next_cursor").GetString()!;
        Assert.Single(ListTests.Ids((await app.GetAsync($"/tasks?cursor={cursor}")).Is(200)));
    }

    [Fact]
    public async Task MoreClientsThanAreRemembered_ShareOneBudget()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { RateLimit = limit => limit.MaxClients = 1 });
        (await app.SendRawAsync("GET", "/tasks", Address("192.0.2.1"))).Is(200);
        for (int i = 0; i < 10; i++)
        {
            (await app.SendRawAsync("GET", "/tasks", Address($"198.51.100.{i}"))).Is(200);
        }

        (await app.SendRawAsync("GET", "/tasks", Address("198.51.100.99"))).Is(429);
        (await app.SendRawAsync("GET", "/tasks", Address("192.0.2.1"))).Is(200);
    }

    private static IPAddress? Address(string? text) => text is null ? null : IPAddress.Parse(text);
}
