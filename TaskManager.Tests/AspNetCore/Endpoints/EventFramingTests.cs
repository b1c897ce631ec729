using System.Text.Json;

namespace TaskManager.Tests.AspNetCore.Endpoints;

/// <summary>No text that a task brings forth breaks out of its event: each is one line of JSON, which the client reads back as it was. The client refuses what does not belong.</summary>
[Trait("Proof", "http")]
public sealed class EventFramingTests
{
    public static TheoryData<string> HostileTexts =>
    [
        "a\n\ndata: {\"forged\":true}\n\n",
        "\n\nid: 00000000-1\nevent: status\ndata: {}\n\n",
        "a\r\n\r\ndata: b\r\n\r\n",
        "a\r\rdata: b\r\r",
        ": ping\n\n",
        "retry: 1\n",
        "\"},\"status\":\"completed\",{\"",
        "\u0000\u0001\u001b[31m\u007f\ufeff",
        "\u0085\u2028\u2029\u000b\u000c",
        "</script><!-- &lt; 'é' 漢字 \ud83d\ude00",
        "\\n\\u000a \\ \"",
        "",
    ];

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public async Task Stream_HostileLog_StaysInItsEvent(string text)
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitToEndAsync("talk", EventApp.Lines(text));

        List<ServerSentEvent> events = await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events");

        Assert.Equal(["status", "status", "progress", "log", "status"], events.Select(e => e.Name));
        Assert.Equal(text, events[2].Json.GetProperty("progress").GetProperty("message").GetString());
        Assert.Equal(text, events[3].Text("message"));
        Assert.Equal(text, (await app.GetAsync($"/tasks/{id}/logs")).Is(200).Member("items")[0].GetProperty("message").GetString());
    }

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public async Task Stream_HostileError_StaysInItsEvent(string text)
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitToEndAsync("talk", JsonSerializer.Serialize(new { lines = Array.Empty<string>(), error = text }));

        List<ServerSentEvent> events = await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events");

        Assert.Equal(["queued", "processing", "failed"], events.Select(e => e.Gist));
        string told = events[2].Json.GetProperty("error").GetProperty("message").GetString()!;
        Assert.Equal((await app.GetAsync($"/tasks/{id}")).Member("error").GetProperty("message").GetString(), told);
        Assert.DoesNotContain(told, char.IsControl);
    }

    [Theory]
    [InlineData("\ud800")]
    [InlineData("\udc00 and on")]
    public async Task Stream_TextWithHalfACharacter_IsStillUtf8(string text)
    {
        await using HttpApp app = await EventApp.StartAsync();
        TaskHandle task = await app.Tasks.SubmitAsync("talk", new Talk([text]));

        List<ServerSentEvent> events = await EventStreamClient.ReadToEndAsync(app, $"/tasks/{task.Id}/events");

        Assert.Equal(text.Replace(text[0], '\ufffd'), events[3].Text("message"));
        Assert.Equal("completed", events[^1].Gist);
    }

    [Fact]
    public async Task Reset_TaskWithValuesOnManyLines_IsOneLine()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitToEndAsync("echo", "{\n  \"text\": \"a\\nb\",\r\n\r\n  \"n\": [1,\r2]\n}", "\"tags\":[\"data: x\"]");

        ServerSentEvent reset = Assert.Single(await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events", "garbage"));

        Assert.True(JsonElement.DeepEquals((await app.GetAsync($"/tasks/{id}")).Json, reset.Json));
    }

    [Fact]
    public async Task Stream_LongestLine_IsCutAtAWholeCharacter()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitToEndAsync("talk", EventApp.Lines("a" + string.Concat(Enumerable.Repeat("\ud83d\ude00", 3000))));

        string told = (await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events"))[3].Text("message");

        Assert.Equal("a" + string.Concat(Enumerable.Repeat("\ud83d\ude00", 1023)), told); // 4093 bytes; one more would be 4097
    }
}
