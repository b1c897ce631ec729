using System.Net.Http.Headers;
using System.Text;

namespace TaskManager.Tests.AspNetCore;

/// <summary>Reads an event stream as a browser does (WHATWG HTML §9.2.6), but forgives nothing: no unknown field, and none twice in a block.</summary>
internal sealed class EventStreamClient : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventStreamClient(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _reader = new StreamReader(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
    }

    public HttpResponseHeaders Headers => _response.Headers;

    public static async Task<EventStreamClient> OpenAsync(HttpClient client, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
        {
            Assert.True(request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId));
        }

        HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).WithPatienceAsync();
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        return new EventStreamClient(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    public static Task<EventStreamClient> OpenAsync(HttpApp app, string path, string? lastEventId = null) => OpenAsync(app.Client, path, lastEventId);

    /// <summary>Reads the whole of a stream that ends by itself.</summary>
    public static async Task<List<ServerSentEvent>> ReadToEndAsync(HttpApp app, string path, string? lastEventId = null)
    {
        await using EventStreamClient client = await OpenAsync(app, path, lastEventId);
        return await client.ReadToEndAsync();
    }

    public async Task<List<ServerSentEvent>> ReadToEndAsync()
    {
        var events = new List<ServerSentEvent>();
        while (await NextAsync() is { } happened)
        {
            events.Add(happened);
        }

        return events;
    }

    public async Task<List<ServerSentEvent>> ReadAsync(int count)
    {
        var events = new List<ServerSentEvent>();
        while (events.Count < count)
        {
            events.Add(await NextAsync() ?? throw new EndOfStreamException($"The stream ended after {events.Count} of {count} events."));
        }

        return events;
    }

    /// <summary>Reads one block.</summary>
    /// <returns><see langword="null"/> at the end of the stream, which comes only between two blocks.</returns>
    public async Task<ServerSentEvent?> NextAsync()
    {
        (string? id, string? name, string? data, string? comment) = (null, null, null, null);
        bool isEmpty = true;
        while (await _reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WithPatienceAsync() is { } line)
        {
            if (line.Length == 0)
            {
                return new ServerSentEvent(id, name, data, comment);
            }

            isEmpty = false;
            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            Assert.True(colon >= 0, $"No field of an event stream: {line}");
            string value = line[(colon + 2)..];
            switch (line[..colon])
            {
                case "id" when id is null:
                    id = value;
                    break;
                case "event" when name is null:
                    name = value;
                    break;
                case "data" when data is null:
                    data = value;
                    break;
                case "" when comment is null:
                    comment = value;
                    break;
                default:
                    Assert.Fail($"This line does not belong into an event: {line}");
                    break;
            }
        }

        Assert.True(isEmpty, "The stream ended within a block.");
        return null;
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
