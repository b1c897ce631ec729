using System.Text.Json;

namespace TaskManager.Tests.Api;

[Trait("Proof", "http")]
public sealed class HostProcessJsonLogTests
{
    [Fact]
    public async Task Formatter_ForMachines_WritesEachLineAsJson()
    {
        await using HostProcess host = await HostProcess.StartAsync("--Logging:Console:FormatterName=json");
        await host.UntilStatusAsync(await host.SubmitAsync(0), "completed");
        await host.TerminateAsync();
        Assert.Equal(0, await host.ExitAsync());

        Assert.NotEmpty(host.Lines);
        Assert.All(host.Lines, line => Assert.Equal(JsonValueKind.String, JsonElement.Parse(line).GetProperty("Message").ValueKind));
    }
}
