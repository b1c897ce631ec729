using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TaskManager.Tests.AspNetCore;

/// <summary>An answer as it came over the wire, read to its end.</summary>
internal sealed class HttpAnswer
{
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    public HttpAnswer(int status, IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers, byte[] body)
    {
        Status = status;
        Text = Encoding.UTF8.GetString(body);
        foreach ((string name, IEnumerable<string> values) in headers)
        {
            _headers[name] = string.Join(", ", values);
        }

        HttpLaws.Check(this);
    }

    public int Status { get; }

    public string Text { get; }

    public JsonElement Json => JsonElement.Parse(Text);

    public string ContentType => Header("Content-Type") ?? string.Empty;

    public string Id => Member("task_id").GetString()!;

    public string TaskStatus => Member("status").GetString()!;

    public int RetryAfter => int.Parse(Header("Retry-After")!, NumberStyles.None, CultureInfo.InvariantCulture);

    public static async Task<HttpAnswer> ReadAsync(HttpResponseMessage response)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Select(header => KeyValuePair.Create(header.Key, header.Value.AsEnumerable())); // as they came, neither parsed nor put in another order
        return new HttpAnswer((int)response.StatusCode, headers, body);
    }

    public string? Header(string name) => _headers.GetValueOrDefault(name);

    public JsonElement Member(string name) => Json.GetProperty(name);

    /// <summary>Asserts the status; a failure shows the body.</summary>
    public HttpAnswer Is(int status)
    {
        Assert.True(Status == status, $"{status} was expected, not {Status}: {Text}");
        return this;
    }

    /// <summary>Asserts that the answer is the named problem, with all the members that every problem has.</summary>
    public JsonElement IsProblem(int status, string name)
    {
        Is(status);
        Assert.Equal("application/problem+json", ContentType);
        JsonElement problem = Json;
        Assert.Equal($"urn:taskmanager:problem:{name}", problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        foreach (string member in (string[])["title", "detail", "instance", "trace_id"])
        {
            Assert.NotEqual(string.Empty, problem.GetProperty(member).GetString());
        }

        bool tellsWhen = problem.TryGetProperty("retry_after_seconds", out JsonElement seconds);
        Assert.Equal(Header("Retry-After"), tellsWhen ? seconds.GetRawText() : null);
        return problem;
    }

    /// <summary>Asserts that the answer is a 400 that names exactly these fields.</summary>
    public JsonElement IsInvalid(params string[] fields)
    {
        JsonElement problem = IsProblem(400, "invalid-request");
        Assert.Equal(fields.Order(StringComparer.Ordinal), ErrorFields(problem));
        return problem.GetProperty("errors");
    }

    public static IEnumerable<string> ErrorFields(JsonElement problem)
    {
        foreach (JsonProperty field in problem.GetProperty("errors").EnumerateObject())
        {
            Assert.NotEqual(0, field.Value.GetArrayLength());
            Assert.All(field.Value.EnumerateArray(), message => Assert.NotEqual(string.Empty, message.GetString()));
        }

        return problem.GetProperty("errors").EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal);
    }
}
