using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace TaskManager.Tests.AspNetCore;

/// <summary>Speaks HTTP/1.1 byte by byte, so that nothing is put right on the way.</summary>
internal static class RawHttp
{
    public static Task<HttpAnswer> SendAsync(Uri server, string method, string path, string? mediaType = null, byte[]? body = null)
    {
        var head = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: close\r\n");
        if (mediaType is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {mediaType}\r\n");
        }

        if (body is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        }

        return SendAsync(server, [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body ?? []]);
    }

    /// <summary>Sends bytes and reads the answer until the server closes.</summary>
    public static async Task<HttpAnswer> SendAsync(Uri server, byte[] request)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using var connection = new TcpClient();
        await connection.ConnectAsync(server.Host, server.Port, token).AsTask().WithPatienceAsync();
        NetworkStream stream = connection.GetStream();
        await stream.WriteAsync(request, token).AsTask().WithPatienceAsync();
        using var received = new MemoryStream();
        await stream.CopyToAsync(received, token).WithPatienceAsync();
        return Read(received.ToArray());
    }

    /// <summary>Sends bytes, reads how the answer begins, and hangs up.</summary>
    /// <returns>The status; <see langword="null"/> when the server closed without an answer, or had none in that time.</returns>
    public static async Task<int?> ProbeAsync(Uri server, byte[] request, TimeSpan patience)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using var connection = new TcpClient();
        await connection.ConnectAsync(server.Host, server.Port, token).AsTask().WithPatienceAsync();
        byte[] start = new byte["HTTP/1.1 200".Length];
        try
        {
            NetworkStream stream = connection.GetStream();
            await stream.WriteAsync(request, token).AsTask().WithPatienceAsync();
            await stream.ReadExactlyAsync(start, token).AsTask().WaitAsync(patience, TimeProvider.System, token);
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            return null;
        }

        return int.Parse(Encoding.Latin1.GetString(start, start.Length - 3, 3), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static HttpAnswer Read(byte[] answer)
    {
        int end = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        Assert.True(end > 0, "The server closed without an answer.");
        string[] lines = Encoding.Latin1.GetString(answer, 0, end).Split("\r\n");
        IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers = lines.Skip(1)
            .Select(line => line.Split(": ", 2))
            .GroupBy(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase)
            .Select(group => KeyValuePair.Create(group.Key, group.AsEnumerable()));
        bool isChunked = lines.Contains("Transfer-Encoding: chunked", StringComparer.OrdinalIgnoreCase);
        byte[] body = answer[(end + 4)..];
        return new HttpAnswer(int.Parse(lines[0].Split(' ')[1], NumberStyles.None, CultureInfo.InvariantCulture), headers, isChunked ? Joined(body) : body);
    }

    private static byte[] Joined(ReadOnlySpan<byte> chunks)
    {
        using var body = new MemoryStream();
        while (true)
        {
            int end = chunks.IndexOf("\r\n"u8);
            int size = int.Parse(chunks[..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return body.ToArray();
            }

            body.Write(chunks.Slice(end + 2, size));
            chunks = chunks[(end + 2 + size + 2)..];
        }
    }
}
