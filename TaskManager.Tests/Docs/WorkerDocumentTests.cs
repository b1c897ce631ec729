using System.Text.Json;
using System.Text.RegularExpressions;
using TaskManager.Api.Hosting;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Docs;

/// <summary>Sends what docs/workers.md sends, in its order, and compares the answers with those that it shows.</summary>
public sealed partial class WorkerDocumentTests
{
    private static readonly IReadOnlyList<MarkdownBlock> Blocks = Markdown.Blocks(Repository.Read("docs", "workers.md"));

    [Fact]
    public async Task Requests_InTheirOrder_AreAnsweredAsItShows()
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        var shown = new Dictionary<string, string>(StringComparer.Ordinal); // the ids that the document shows, and those that they are here
        int compared = 0;
        string[] sent = [];
        for (int at = 0; at < Blocks.Count; at++)
        {
            if (Blocks[at].Language != "http" || RequestPattern().Match(Replaced(Blocks[at].Code, shown)) is not { Success: true } request)
            {
                continue;
            }

            (string method, string path, string body) = (request.Groups["method"].Value, request.Groups["path"].Value, request.Groups["body"].Value.Trim());
            if (path.EndsWith("/claim", StringComparison.Ordinal))
            {
                await app.SubmitAsync("resize", """{"width":640}""");
            }

            Task<HttpAnswer> SendAsync(HttpApp client) => client.SendAsync(HttpMethod.Parse(method), path, body.Length == 0 ? null : HttpApp.JsonContent(body));
            bool hangs = path.EndsWith("/heartbeat", StringComparison.Ordinal);
            Task<HttpAnswer> sending = hangs ? await app.BeginAsync(SendAsync) : SendAsync(app);
            app.Clock.Advance(hangs ? TimeSpan.FromSeconds(10) : TimeSpan.Zero); // as long as it asks to
            HttpAnswer answer = await sending;
            Assert.InRange(answer.Status, 200, 299);
            sent = [.. sent, $"{method} {path.Split('/', '?')[^1]}"];
            if (at + 1 < Blocks.Count && Blocks[at + 1].Language == "json" && Blocks[at + 1].TextBefore.Trim().Length == 0)
            {
                Learn(Blocks[at + 1].Code, answer, shown);
                JsonShape.AssertAlike(JsonElement.Parse(Replaced(Blocks[at + 1].Code, shown)), answer.Json);
                compared++;
            }
        }

        Assert.Equal(["POST register", "POST claim", "POST heartbeat", "POST complete"], sent[..4]);
        Assert.StartsWith("DELETE ", sent[4], StringComparison.Ordinal);
        Assert.Equal(2, compared);
    }

    [Fact]
    public void Configuration_OfAType_HasTheKeysThatThereAre()
    {
        string[] keys = [.. typeof(WorkerTaskTypeSettings).GetProperties().Select(property => property.Name)];
        Assert.Equal(keys.Order(StringComparer.Ordinal), Markdown.Table(Repository.Read("docs", "workers.md"), "key").SelectMany(row => Markdown.Code(row[0])).Order(StringComparer.Ordinal));
        JsonElement example = JsonElement.Parse(Blocks.Single(block => block.Language == "json" && block.Code.Contains("WorkerTaskTypes", StringComparison.Ordinal)).Code);
        Assert.Subset(keys.ToHashSet(StringComparer.Ordinal), example.GetProperty("WorkerTaskTypes").GetProperty("resize").EnumerateObject().Select(member => member.Name).ToHashSet(StringComparer.Ordinal));
    }

    private static string Replaced(string text, Dictionary<string, string> shown) => shown.Aggregate(text, (replaced, pair) => replaced.Replace(pair.Key, pair.Value, StringComparison.Ordinal));

    /// <summary>Takes the ids of an answer for those that the document cuts short.</summary>
    private static void Learn(string expected, HttpAnswer answer, Dictionary<string, string> shown)
    {
        foreach (string member in (string[])["task_id", "lease_token"])
        {
            if (Regex.Match(expected, $"\"{member}\": \"(?<cut>[^\"]+…)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)) is { Success: true } match)
            {
                shown.TryAdd(match.Groups["cut"].Value, answer.Member("tasks")[0].GetProperty(member).GetString()!);
            }
        }
    }

    [GeneratedRegex(@"^(?<method>[A-Z]+) (?<path>\S+)\n(?<body>.*)\z", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RequestPattern();
}
