using System.Net.Http.Headers;
using System.Text;

namespace TaskManager.Tests.Docs;

/// <summary>A request as a document shows it, by <c>curl</c> with the options <c>-s</c>, <c>-N</c>, <c>-X</c>, <c>-H</c> and <c>-d</c>.</summary>
internal sealed record CurlCommand(HttpMethod Method, Uri Address, IReadOnlyList<(string Name, string Value)> Headers, string? Body)
{
    public static CurlCommand Parse(IReadOnlyList<string> words)
    {
        Assert.Equal("curl", words[0]);
        string? method = null;
        string? body = null;
        Uri? address = null;
        var headers = new List<(string, string)>();
        for (int at = 1; at < words.Count; at++)
        {
            switch (words[at])
            {
                case "-s" or "-N" or "-sN":
                    break;
                case "-X":
                    method = words[++at];
                    break;
                case "-d":
                    body = words[++at];
                    break;
                case "-H":
                    string[] header = words[++at].Split(": ", 2);
                    headers.Add((header[0], header[1]));
                    break;
                default:
                    Assert.Null(address);
                    address = new Uri(words[at]);
                    break;
            }
        }

        Assert.NotNull(address);
        return new CurlCommand(HttpMethod.Parse(method ?? (body is null ? "GET" : "POST")), address, headers, body);
    }

    /// <summary>Makes the request, to another server than the document names.</summary>
    public HttpRequestMessage ToRequest(Uri server)
    {
        var request = new HttpRequestMessage(Method, new Uri(server, Address.PathAndQuery));
        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
        }

        foreach ((string name, string value) in Headers)
        {
            HttpHeaders target = name == "Content-Type" ? request.Content!.Headers : request.Headers;
            Assert.True(target.TryAddWithoutValidation(name, value), name);
        }

        return request;
    }
}
