using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Docs;

/// <summary>Sends what the documents send, in their order, and compares the answers with those that they show.</summary>
[Trait("Proof", "readme")]
public sealed partial class DocumentedRequestTests(DocumentedHost host) : IClassFixture<DocumentedHost>
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/guide.md")]
    public async Task Requests_OfADocument_AreAnsweredAsItShows(string path)
    {
        IReadOnlyList<MarkdownBlock> blocks = Markdown.Blocks(Repository.Read(path.Split('/')));
        int compared = 0;
        for (int at = 0; at < blocks.Count; at++)
        {
            if (blocks[at].Language != "bash" || !blocks[at].Code.Contains("curl", StringComparison.Ordinal))
            {
                continue;
            }

            HttpAnswer answer = (await host.RunAsync(blocks[at].Code))!;
            if (at + 1 < blocks.Count && blocks[at + 1] is { Language: "json" or "text" } shown)
            {
                Compare(shown, blocks[at].TextBefore + shown.TextBefore, answer);
                compared++;
            }
            else
            {
                Assert.InRange(answer.Status, 200, 299);
            }
        }

        Assert.True(compared >= 3, $"{path} shows {compared} answers.");
    }

    [Fact]
    public async Task SocketMessages_OfTheGuide_AreAnsweredAsItShows()
    {
        HttpAnswer task = (await host.RunAsync("""curl -s http://localhost:8000/tasks -H 'Content-Type: application/json' -d '{"task_type":"add","parameters":{"a":2,"b":3}}'"""))!;
        string[] messages = [.. Markdown.Blocks(Repository.Read("docs", "guide.md"), "json").SkipWhile(block => !block.Contains("\"subscribe\"", StringComparison.Ordinal)).Take(2)];
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(host.Address) { Scheme = "ws", Path = "/tasks/ws" }.Uri, TestContext.Current.CancellationToken);

        string message = IdPattern().Replace(messages[0], task.Id);
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
        byte[] buffer = new byte[4096];
        WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).WithPatienceAsync();

        JsonShape.AssertAlike(JsonElement.Parse(messages[1]), JsonElement.Parse(buffer.AsSpan(0, received.Count)));
    }

    private static void Compare(MarkdownBlock shown, string text, HttpAnswer answer)
    {
        if (shown.Language == "text")
        {
            Assert.Equal("text/event-stream", answer.ContentType);
            IReadOnlyList<(string Name, JsonElement Data)> actual = Events(answer.Text);
            IReadOnlyList<(string Name, JsonElement Data)> expected = Events(shown.Code);
            Assert.Equal(expected.Select(happened => happened.Name), actual.Select(happened => happened.Name));
            Assert.All(expected.Zip(actual), pair => JsonShape.AssertAlike(pair.First.Data, pair.Second.Data));
            return;
        }

        Match status = StatusPattern().Match(text);
        Assert.True(status.Success, $"No status stands before {shown.Code}");
        answer.Is(int.Parse(status.Groups["status"].Value, CultureInfo.InvariantCulture));
        JsonShape.AssertAlike(JsonElement.Parse(shown.Code), answer.Json);
    }

    private static IReadOnlyList<(string Name, JsonElement Data)> Events(string stream) =>
        [.. EventPattern().Matches(stream).Select(match => (match.Groups["name"].Value, JsonElement.Parse(match.Groups["data"].Value)))];

    // The last number of three digits that the text gives before an answer is its status.
    [GeneratedRegex(@"\b(?<status>[2-5]\d\d)\b", RegexOptions.RightToLeft | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StatusPattern();

    [GeneratedRegex(@"^id: [0-9a-f]{8}-\d+\nevent: (?<name>\w+)\ndata: (?<data>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EventPattern();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IdPattern();
}
