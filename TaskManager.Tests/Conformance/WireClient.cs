using System.Net.Http.Headers;
using System.Text;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary>A plain HTTP client that knows where the service is, and nothing else of it.</summary>
internal sealed class WireClient : IDisposable
{
    /// <summary>How long a poll asks to wait that is to end by what happens. The client gives up before, so that one which sleeps through it fails.</summary>
    public const int Long = 60;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    // Decompresses and redirects nothing: what is looked at is what was sent.
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, Expect100ContinueTimeout = Bound };

    public WireClient(Uri address)
    {
        Address = address;
        Http = new HttpClient(_handler) { Timeout = Bound };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    /// <summary>Gives the whole address of a path below the one that the service was named by.</summary>
    public Uri At(string path) => new($"{Address.AbsoluteUri.TrimEnd('/')}{path}");

    /// <summary>Gives the whole address of a path of the host itself, where its health and its documents are.</summary>
    public Uri AtRoot(string path) => new(Address, path);

    public Task<HttpAnswer> SendAsync(HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers) =>
        SendAsync(method, At(path), json is null ? null : Content(json), headers);

    public async Task<HttpAnswer> SendAsync(HttpMethod method, Uri address, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        foreach ((string name, string value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using HttpResponseMessage response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await HttpAnswer.ReadAsync(response);
    }

    public Task<HttpAnswer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, json: null, headers);

    public Task<HttpAnswer> PostAsync(string path, string? json = null, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, json, headers);

    public Task<HttpAnswer> PatchAsync(string path, string json) => SendAsync(HttpMethod.Patch, path, json);

    public Task<HttpAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public async Task<WireStream> StreamAsync(string path, string? lastEventId = null) => new(await EventStreamClient.OpenAsync(Http, At(path).AbsoluteUri, lastEventId));

    /// <summary>Reads the whole of a stream that ends by itself.</summary>
    public async Task<List<ServerSentEvent>> ReadStreamAsync(string path, string? lastEventId = null)
    {
        await using WireStream stream = await StreamAsync(path, lastEventId);
        return await stream.ReadToEndAsync();
    }

    public static ByteArrayContent Content(string text, string mediaType = "application/json") => Content(Encoding.UTF8.GetBytes(text), mediaType);

    public static ByteArrayContent Content(byte[] bytes, string mediaType = "application/json")
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return content;
    }

    public void Dispose()
    {
        Http.Dispose();
        _handler.Dispose();
    }
}
