using System.Globalization;
using System.Text.Json;

namespace TaskManager.Tests.AspNetCore.Endpoints;

/// <summary><c>Last-Event-ID</c> on the stream of one task.</summary>
[Trait("Proof", "http")]
public sealed class LastEventIdTests
{
    /// <summary>Gets ids that no process gave out, by name.</summary>
    public static TheoryData<string> Unknown => ["garbage", "-", "-1", "0", "ffffffff", "ffffffff-", "-5", "00000000-0", "zzzzzzzz-1", "{own}--1", "{own}-+1", "{own}- 1", "{own}-1e3",
        "{own}-999999", "{own}-9223372036854775807", "{own}-9223372036854775808", "{own}-99999999999999999999999", "{foreign}-1", "{foreign}-0", "{own}-1-1", "{own}-１", "{megabyte}"];

    [Fact]
    public async Task Resume_BehindAnyEvent_GivesTheRestOnceAndInOrder()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitToEndAsync("talk", EventApp.Lines([.. Enumerable.Range(0, 20).Select(i => $"line {i}")]));
        List<ServerSentEvent> all = await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events");
        Assert.Equal(25, all.Count);

        for (int seen = 1; seen < all.Count; seen++)
        {
            Assert.Equal(all[seen..], await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events", all[seen - 1].Id));
        }
    }

    [Fact]
    public async Task Resume_BehindAnEventOfAnotherTask_GivesWhatCameAfterIt()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        string other = await app.SubmitToEndAsync("echo");
        ServerSentEvent seen = (await EventStreamClient.ReadToEndAsync(app, $"/tasks/{other}/events"))[^1];
        app.Handlers.Release();

        Assert.Equal(["completed"], (await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events", seen.Id)).Select(e => e.Gist));
    }

    [Fact]
    public async Task Resume_BehindTheFinalEvent_Is204()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitToEndAsync("fail");
        string final = (await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events"))[^1].Id!;

        for (int i = 0; i < 2; i++)
        {
            HttpAnswer answer = (await app.GetAsync($"/tasks/{id}/events", ("Last-Event-ID", final))).Is(204);
            Assert.Equal(string.Empty, answer.Text);
        }
    }

    [Fact]
    public async Task Resume_NoneOrAnEmptyOne_BeginsAtTheFirstEvent()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitToEndAsync("echo");

        foreach (string? lastEventId in (string?[])[null, string.Empty])
        {
            Assert.Equal(["queued", "processing", "completed"], (await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events", lastEventId)).Select(e => e.Gist));
        }
    }

    [Theory]
    [MemberData(nameof(Unknown))]
    public async Task Resume_BehindWhatWasNeverGivenOut_IsAResetWithTheTaskAsItStands(string lastEventId)
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitToEndAsync("echo", """{"a":1}""");
        List<ServerSentEvent> all = await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events");

        ServerSentEvent reset = Assert.Single(await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events", Filled(lastEventId, all[0])));

        Assert.Equal(("reset", all[^1].Id), (reset.Name, reset.Id));
        Assert.True(JsonElement.DeepEquals((await app.GetAsync($"/tasks/{id}")).Json, reset.Json));
        (await app.GetAsync($"/tasks/{id}/events", ("Last-Event-ID", reset.Id!))).Is(204);
    }

    [Fact]
    public async Task Reset_OfARunningTask_GoesOnBehindIt()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitRunningAsync();
        await using EventStreamClient stream = await EventStreamClient.OpenAsync(app, $"/tasks/{id}/events", "garbage");
        ServerSentEvent reset = (await stream.NextAsync())!;
        Assert.Equal(("reset", "processing", false), (reset.Name, reset.Text("status"), reset.Json.GetProperty("done").GetBoolean()));

        app.Handlers.Release();

        Assert.Equal(["completed"], (await stream.ReadToEndAsync()).Select(e => e.Gist));
        Assert.Equal(["completed"], (await EventStreamClient.ReadToEndAsync(app, $"/tasks/{id}/events", reset.Id)).Select(e => e.Gist));
    }

    [Fact]
    public async Task Resume_EventsThatAreKeptNoMore_IsAReset()
    {
        await using HttpApp app = await EventApp.StartAsync(options => options.MaxEvents = 1024);
        string id = await app.SubmitRunningAsync();
        string first;
        await using (EventStreamClient stream = await EventStreamClient.OpenAsync(app, $"/tasks/{id}/events"))
        {
            first = (await stream.NextAsync())!.Id!;
        }

        string tasks = string.Join(',', Enumerable.Repeat("""{"task_type":"echo","parameters":1}""", 400));
        (await app.PostAsync("/tasks/batch", $"[{tasks}]")).Is(200);
        await Patience.UntilAsync(async () => (await app.GetAsync("/tasks/stats")).Member("states").GetProperty("completed").GetInt64() == 400);

        foreach (string? lastEventId in (string?[])[first, null])
        {
            await using EventStreamClient stream = await EventStreamClient.OpenAsync(app, $"/tasks/{id}/events", lastEventId);
            ServerSentEvent reset = (await stream.NextAsync())!;
            Assert.Equal(("reset", "processing"), (reset.Name, reset.Text("status")));
        }
    }

    private static string Filled(string lastEventId, ServerSentEvent own)
    {
        uint process = uint.Parse(own.Id![..8], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return lastEventId
            .Replace("{own}", own.Id[..8], StringComparison.Ordinal)
            .Replace("{foreign}", (process + 1).ToString("x8", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{megabyte}", new string('a', 1024 * 1024), StringComparison.Ordinal);
    }
}
