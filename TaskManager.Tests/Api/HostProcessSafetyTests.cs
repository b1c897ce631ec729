using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Api;

[Trait("Proof", "http")]
[Collection(SharedHostProcess.Name)]
public sealed class HostProcessSafetyTests(SharedHostProcess shared)
{
    private readonly HostProcess _host = shared.Host;

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("localhost:1234", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:80", 200)]
    [InlineData("LOCALHOST", 200)]
    [InlineData("evil.example", 400)]
    [InlineData("localhost.evil.example", 400)]
    [InlineData("evil.localhost", 400)]
    [InlineData("127.0.0.2", 400)]
    [InlineData("0.0.0.0", 400)]
    public async Task HostHeader_IsChecked(string host, int status)
    {
        foreach (string path in (string[])["/tasks", "/health", "/nothing"])
        {
            byte[] request = Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            HttpAnswer answer = await RawHttp.SendAsync(_host.Client.BaseAddress!, request);
            Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
            if (status == 400)
            {
                answer.IsProblem(400, "bad-request");
            }
            else
            {
                answer.Is(path == "/nothing" ? 404 : 200);
            }
        }
    }

    [Fact]
    public async Task Methods_ThatAreNotMapped_AreProblems()
    {
        (await RawHttp.SendAsync(_host.Client.BaseAddress!, "TRACE", "/tasks")).IsProblem(405, "method-not-allowed");
        (await RawHttp.SendAsync(_host.Client.BaseAddress!, "GET", "//tasks")).IsProblem(404, "not-found");
        (await RawHttp.SendAsync(_host.Client.BaseAddress!, "GET", "/%74asks")).Is(200);
        (await RawHttp.SendAsync(_host.Client.BaseAddress!, "GET", "/tasks/../../etc/passwd")).IsProblem(404, "not-found");
        (await RawHttp.SendAsync(_host.Client.BaseAddress!, "GET", "/%2e%2e/%2e%2e/etc/passwd")).IsProblem(404, "not-found");
    }

    [Theory]
    [InlineData("head", "/docs/assets/index.html", 404)]
    [InlineData("Head", "/redoc/assets/index.js", 404)]
    [InlineData("HEAD", "/redoc/assets/index.js", 200)]
    [InlineData("GET", "/docs/assets%0A", 404)]
    [InlineData("GET", "/redoc/assets/%0A", 404)]
    [InlineData("head", "/metrics", 200)]
    public async Task Request_ThatAPackageReadsInAnotherWayThanTheServer_IsNoFaultOfTheService(string method, string path, int status) =>
        (await RawHttp.SendAsync(_host.Client.BaseAddress!, method, path)).Is(status);

    [Fact]
    public async Task HostileRequests_ToTheHost_AreProblemsEach()
    {
        string id = await _host.SubmitAsync(3600);
        await _host.UntilStatusAsync(id, "processing");
        long accepted = (await _host.GetAsync("/tasks/stats")).Member("accepted").GetInt64();
        foreach (HostileRequest request in HostileRequests.All.Where(request => request.Body is null))
        {
            HttpAnswer answer = await RawHttp.SendAsync(_host.Client.BaseAddress!, request.Method, request.Path.Replace("{id}", id, StringComparison.Ordinal));
            Assert.True(answer.Status is >= 400 and < 500, $"{request} was answered {answer.Status}.");
            bool isTheServersOwn = answer.Header("X-Content-Type-Options") is null; // refused before any code of ours, without a body
            Assert.True(isTheServersOwn ? answer.Text.Length == 0 : answer.ContentType == "application/problem+json", $"{request} was answered {answer.Text}.");
        }

        Assert.Equal(accepted, (await _host.GetAsync("/tasks/stats")).Member("accepted").GetInt64());
        await _host.SendAsync(HttpMethod.Delete, $"/tasks/{id}");
        await _host.UntilStatusAsync(id, "cancelled");
    }

    [Fact]
    public async Task Host_ListensOnLoopbackUnlessToldOtherwise()
    {
        JsonElement settings = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), TestContext.Current.CancellationToken));
        Assert.Equal("http://localhost:8000", settings.GetProperty("Urls").GetString());

        int port = FreePort(); // 8000 may be taken
        await using HostProcess host = await HostProcess.StartAsync("--urls", string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}"));
        IPEndPoint[] listeners = [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(listener => listener.Port == port)];
        Assert.NotEmpty(listeners);
        Assert.All(listeners, listener => Assert.True(IPAddress.IsLoopback(listener.Address)));
    }

    private static int FreePort()
    {
        for (int tries = 0; tries < 100; tries++)
        {
            int port = Random.Shared.Next(20_000, 32_000); // below those that the system gives to whoever asks for any
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // taken: another
            }
        }

        throw new InvalidOperationException("No port is free.");
    }
}
