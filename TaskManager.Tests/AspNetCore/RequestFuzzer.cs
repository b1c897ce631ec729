using System.Text;

namespace TaskManager.Tests.AspNetCore;

/// <summary>
/// Makes up requests that no client should make, as bytes: a route with a body that does not belong to it, headers that lie, and half of the time some damage to the bytes themselves.
/// The same seed makes the same requests.
/// </summary>
/// <param name="random">What all is drawn from.</param>
/// <param name="routes">Methods and paths, without parameters in them.</param>
internal sealed class RequestFuzzer(Random random, IReadOnlyList<(string Method, string Path)> routes)
{
    private static readonly string[] Headers =
    [
        "Content-Length: -1", "Content-Length: 18446744073709551616", "Content-Length: 5\r\nContent-Length: 6", "Content-Length: 0x10", "Content-Length: 1e3", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip",
        "Transfer-Encoding: chunked\r\nContent-Length: 3", "Transfer-Encoding: identity, chunked", "Content-Encoding: gzip", "Content-Type: \u0001", "Content-Type: application/json; charset=x", "Content-Type: a/b/c",
        "Content-Type: application/x-ndjson", "Host: evil.example", "Host: [::1", "Host:", "Host: localhost\r\nHost: localhost", "Expect: 100-continue", "Expect: nothing", "Connection: upgrade\r\nUpgrade: websocket",
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Upgrade: h2c", "Prefer: wait=1e9", "Prefer: wait=-1", "Prefer: wait=0;;;,=,", "Prefer: \u0000",
        "If-None-Match: \"", "If-None-Match: *", "If-None-Match: W/\"x\", \"\u0001\"", "Idempotency-Key:", "Idempotency-Key: \"a\u0002\"", "Idempotency-Key: a\r\nIdempotency-Key: b", "Last-Event-ID: -1", "Last-Event-ID: x-9223372036854775808",
        "Last-Event-ID: \u00ff", "traceparent: 00-0-0-zz", "traceparent: \r\ntracestate: =,=", "Accept: ;q=", "Accept: */*;q=9", "Accept: text/event-stream;x", "Accept-Encoding: \u0007", "X-Forwarded-For: %00, ::::, 999.1.1.1",
        "X-Forwarded-Proto: javascript:", "Forwarded: for=\"_\\\"", "Origin: null", "Origin: http://evil.example", "Origin: http://evil.example\r\nAccess-Control-Request-Method: \u00c3\u00a9", "Origin: \u0001", "Sec-Fetch-Site: cross-site", "Cookie: =;=;", "Authorization: Basic ====", "Range: bytes=9-1",
        "X Y: 1", ": 1", "X\u0000Y: 1", "X-Folded: a\r\n b", "X: a\nY: b", $"X-Long: {new string('x', 40_000)}", string.Concat(Enumerable.Repeat("X: 1\r\n", 300)) + "X: 1",
    ];

    private static readonly string[] Hosts = ["xn--9999", "a_..b", "evil.example", ".", "[::1", "\u00ff", "localhost:99999", ""];

    private static readonly string[] Queries =
        ["?", "?=", "?&&&", "?%", "?%zz=1", "?wait=maybe", "?timeout=-1", "?limit=0", "?limit=1&limit=2", "?cursor=%00", "?status=none", "?x=1", "?after=-1", "?purge=2", "?atomic=%F0%9F", $"?q={new string('q', 9_000)}"];

    private static readonly HostileRequest[] Hostile = [.. HostileRequests.All, .. HostileWorkerRequests.All];

    private static readonly string[] Bodies = [.. Hostile.Select(request => request.Body).OfType<string>().Distinct(StringComparer.Ordinal)];

    public byte[] Next(Uri server, string taskId)
    {
        if (random.Next(50) == 0)
        {
            return Noise();
        }

        HostileRequest request = random.Next(2) == 0 ? AnyOf(Hostile) : OfAnyRoute();
        byte[] body = request.Body is null ? [] : JsonBodies.OfNameOrText(request.Body.Replace("{id}", taskId, StringComparison.Ordinal));
        string method = random.Next(10) == 0 ? request.Method.ToLowerInvariant() : request.Method; // the same to routes, another to who goes by the letter
        var head = new StringBuilder($"{method} {request.Path.Replace("{id}", taskId, StringComparison.Ordinal)} HTTP/1.1\r\nHost: {(random.Next(20) == 0 ? AnyOf(Hosts) : server.Authority)}\r\nConnection: close\r\n");
        if (request.MediaType is not null)
        {
            head.Append("Content-Type: ").Append(request.MediaType).Append("\r\n");
        }

        for (int left = random.Next(3); left > 0; left--)
        {
            head.Append(AnyOf(Headers)).Append("\r\n");
        }

        if (request.Body is not null)
        {
            head.Append("Content-Length: ").Append(body.Length).Append("\r\n");
        }

        byte[] whole = [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body];
        return random.Next(2) == 0 ? whole : Damaged(whole);
    }

    /// <summary>A route of the service, with something that it does not take.</summary>
    private HostileRequest OfAnyRoute()
    {
        (string method, string path) = AnyOf(routes);
        return new HostileRequest(method, $"{path}{AnyOf(Queries)}", random.Next(2) == 0 ? "application/json" : null, random.Next(2) == 0 ? AnyOf(Bodies) : null);
    }

    private byte[] Noise()
    {
        byte[] noise = new byte[random.Next(1, 2_000)];
        random.NextBytes(noise);
        return noise;
    }

    private byte[] Damaged(byte[] bytes)
    {
        int at = random.Next(bytes.Length);
        switch (random.Next(4))
        {
            case 0: // cut off
                return bytes[..at];
            case 1: // a part of it twice
                return [.. bytes[..at], .. bytes[random.Next(at + 1)..]];
            case 2: // a part of it missing
                return [.. bytes[..at], .. bytes[random.Next(at, bytes.Length)..]];
            default: // some bytes wrong
                for (int left = random.Next(1, 9); left > 0; left--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                return bytes;
        }
    }

    private T AnyOf<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}
