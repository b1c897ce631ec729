using System.Globalization;
using System.Text;

namespace TaskManager.Tests.AspNetCore;

/// <summary>Requests that are wrong as HTTP: refused before any endpoint, and with no harm to it.</summary>
[Trait("Proof", "http")]
public sealed class ProtocolTests
{
    private const string Body = "{\"task_type\":\"gate\"}";

    public static TheoryData<string, string> Requests => new()
    {
        { "two lengths", $"POST /tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 20\r\nContent-Length: 21\r\nConnection: close\r\n\r\n{Body}" },
        { "a length and chunks, of a bad size", "POST /tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 20\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" },
        { "line feed in a chunk's extension", $"POST /tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n14;a\nb\r\n{Body}\r\n0\r\n\r\n" },
        { "chunk longer than told", $"POST /tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\n{Body}\r\n0\r\n\r\n" },
        { "negative length", $"POST /tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: -1\r\nConnection: close\r\n\r\n{Body}" },
        { "101 headers", $"GET /tasks HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 101).Select(i => $"X-{i}: y\r\n"))}\r\n" },
        { "33 KB header", $"GET /tasks HTTP/1.1\r\nHost: localhost\r\nX: {new string('x', 33 * 1024)}\r\n\r\n" },
        { "10 KB id", $"GET /tasks/{new string('a', 10 * 1024)} HTTP/1.1\r\nHost: localhost\r\n\r\n" },
        { "NUL in the path", "GET /tasks/\0 HTTP/1.1\r\nHost: localhost\r\n\r\n" },
        { "encoded NUL in the path", "GET /tasks/%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "no UTF-8 in the path", "GET /tasks/%ff%fe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "NUL in a header", "GET /tasks HTTP/1.1\r\nHost: localhost\r\nAccept: \0\r\n\r\n" },
        { "no host", "GET /tasks HTTP/1.1\r\n\r\n" },
        { "two hosts", "GET /tasks HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n" },
        { "no protocol", "GARBAGE\r\n\r\n" },
        { "connect", "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\nConnection: close\r\n\r\n" },
        { "trace", "TRACE /tasks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "unknown expectation", $"POST /tasks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\nTransfer-Encoding: gzip\r\nConnection: close\r\n\r\n{Body}" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_ThatIsWrongAsHttp_IsRefusedAndChangesNothing(string name, string request)
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { OnKestrel = true });
        HttpAnswer answer = await RawHttp.SendAsync(app.Address, Encoding.Latin1.GetBytes(request));
        Assert.True(answer.Status is >= 400 and < 500, $"{name} was answered {answer.Status}.");
        Assert.Equal(0, (await app.GetAsync("/tasks/stats")).Is(200).Member("accepted").GetInt64());
    }

    [Theory]
    [InlineData("/tasks", 200)]
    [InlineData("/tasks/x", 400)]
    [InlineData("/tasks/01980000-0000-7000-8000-000000000000?wait=true", 404)]
    [InlineData("/tasks/stats", 200)]
    [InlineData("/task-types", 200)]
    public async Task Head_InSmallLetters_IsNoHeadToTheServerAndHasItsBody(string path, int status)
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { OnKestrel = true });
        HttpAnswer answer = (await RawHttp.SendAsync(app.Address, "head", path)).Is(status);
        Assert.Equal(answer.Header("Content-Length"), Encoding.UTF8.GetByteCount(answer.Text).ToString(CultureInfo.InvariantCulture));
        Assert.NotEqual("", answer.Text);
        Assert.Equal("", (await RawHttp.SendAsync(app.Address, "HEAD", path)).Is(status).Text);
    }

    [Fact]
    public async Task Request_ClientGoesInTheMiddleOfItsBody_LeavesNoTaskAndHarmsNobody()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { OnKestrel = true });
        for (int i = 0; i < 10; i++)
        {
            using var connection = new System.Net.Sockets.TcpClient();
            await connection.ConnectAsync(app.Address.Host, app.Address.Port, TestContext.Current.CancellationToken);
            await connection.GetStream().WriteAsync(
                Encoding.Latin1.GetBytes($"POST /tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{Body}"), TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, (await app.GetAsync("/tasks/stats")).Is(200).Member("accepted").GetInt64());
    }

    [Fact]
    public async Task Range_IsIgnored()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { OnKestrel = true });
        HttpAnswer answer = (await app.GetAsync("/task-types/add", ("Range", "bytes=0-1"))).Is(200);
        Assert.StartsWith("""{"task_type":"add",""", answer.Text, StringComparison.Ordinal);
    }
}
