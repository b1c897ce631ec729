using System.Text;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Api;

[Trait("Proof", "http")]
public sealed class HostProcessConfigurationTests
{
    [Theory]
    [InlineData("--TaskManager:MaxConcurrency=1001", "TaskManager:MaxConcurrency is 1001; it must be from 0 to 1000.")]
    [InlineData("--TaskManager:Retention=-00:00:01", "TaskManager:Retention is -00:00:01; it must be from 00:00:00 to 10000.00:00:00.")]
    [InlineData("--RateLimit:PermitLimit=0", "RateLimit:PermitLimit is 0; it must be from 1 to 1000000.")]
    [InlineData("--Cors:AllowedOrigins:0=example.org", "Cors:AllowedOrigins holds \"example.org\"; it must be an origin such as https://example.org.")]
    [InlineData("--ForwardedHeaders:KnownProxies:0=proxy", "ForwardedHeaders:KnownProxies holds \"proxy\"; it must be an IP address.")]
    [InlineData("--ForwardedHeaders:KnownNetworks:0=10.0.0.0", "ForwardedHeaders:KnownNetworks holds \"10.0.0.0\"; it must be a network such as 10.0.0.0/8.")]
    [InlineData("--TaskManager:QueueCapacity=many", "'many' at 'TaskManager:QueueCapacity'")]
    public async Task WrongValue_StopsTheHostAndSaysWhy(string argument, string message)
    {
        (int exitCode, string output) = await HostProcess.RunToEndAsync(argument);
        Assert.Equal(1, exitCode);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.DoesNotContain("Now listening", output, StringComparison.Ordinal);
        AssertNoStackTrace(output);
    }

    [Fact]
    public async Task TakenAddress_StopsTheHostAndSaysWhatToDo()
    {
        await using HostProcess first = await HostProcess.StartAsync();
        string taken = first.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        (int exitCode, string output) = await HostProcess.RunToEndAsync("--urls", taken);
        Assert.Equal(1, exitCode);
        Assert.Contains($"Failed to bind to address {taken}: address already in use. Give another address, such as --urls", output, StringComparison.Ordinal);
        AssertNoStackTrace(output);
    }

    [Theory]
    [InlineData("OPTIONS /tasks HTTP/1.1\r\nHost: localhost\r\nOrigin: https://example.org\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: \u00c3\u00a9\r\n")]
    [InlineData("OPTIONS /tasks HTTP/1.1\r\nHost: localhost\r\nOrigin: https://example.org\r\nAccess-Control-Request-Method: \u00c3\u00a9\r\n")]
    [InlineData("GET /openapi/v1.json HTTP/1.1\r\nHost: xn--9999\r\n")]
    [InlineData("GET /openapi/v1.json HTTP/1.1\r\nHost: a_..b\r\n")]
    [InlineData("POST /tasks HTTP/1.1\r\nHost: xn--9999\r\nOrigin: http://a\r\nContent-Length: 0\r\n")]
    public async Task Request_ThatOnlyAnOpenHostReads_Is400(string request)
    {
        await using HostProcess host = await HostProcess.StartAsync("--Cors:AllowedOrigins:0=https://example.org", "--AllowedHosts=*");
        (await RawHttp.SendAsync(host.Client.BaseAddress!, Encoding.Latin1.GetBytes($"{request}Connection: close\r\n\r\n"))).IsProblem(400, "bad-request");
    }

    // One would hide the reason; the log keeps it on the one line of its event.
    private static void AssertNoStackTrace(string output) =>
        Assert.DoesNotContain(output.Split('\n'), line => line.StartsWith("   at ", StringComparison.Ordinal));
}
