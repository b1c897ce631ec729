using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary>Server-sent events of one task: what is told, and how to go on after a cut.</summary>
public sealed class EventTests(ConformanceHost host) : WireTest(host)
{
    [Fact]
    public async Task Stream_OfAnEndedTask_TellsItsWholeLifeInOrderAndEnds()
    {
        string id = await LiveAsync();

        List<ServerSentEvent> events = await Wire.ReadStreamAsync($"/tasks/{id}/events");

        Assert.Equal(["queued", "processing", "completed"], events.Where(e => e.Name == "status").Select(e => e.Gist));
        Assert.Equal(["line 1", "line 2", "line 3"], events.Where(e => e.Name == "log").Select(e => e.Gist));
        Assert.Equal("done", events.Last(e => e.Name == "progress").Gist); // the last before the end is never dropped
        Assert.Equal(("queued", "completed"), (events[0].Gist, events[^1].Gist));
    }

    [Fact]
    public async Task Stream_Ids_NameTheProcessAndRise()
    {
        List<ServerSentEvent> events = await Wire.ReadStreamAsync($"/tasks/{await LiveAsync()}/events");

        Assert.Single(events.Select(e => e.Id!.Split('-')[0]).Distinct(StringComparer.Ordinal));
        Assert.Equal(events.Select(e => e.Number).Distinct().Order(), events.Select(e => e.Number));
    }

    [Fact]
    public async Task Stream_EachKindOfEvent_CarriesItsMembers()
    {
        string id = await LiveAsync();

        List<ServerSentEvent> events = await Wire.ReadStreamAsync($"/tasks/{id}/events");

        Assert.All(events, e => Assert.Equal(id, e.Text("task_id")));
        Assert.All(events.Where(e => e.Name == "status"), e => Assert.Equal(["task_id", "task_type", "status", "version", "attempt", "at"], Members(e.Json).Where(name => name != "error")));
        Assert.All(events.Where(e => e.Name == "progress"), e => Assert.Equal(["task_id", "progress", "at"], Members(e.Json)));
        Assert.All(events.Where(e => e.Name == "log"), e => Assert.Equal(["task_id", "level", "message", "at"], Members(e.Json)));
        Assert.Equal([1, 2, 3], events.Where(e => e.Name == "status").Select(e => e.Json.GetProperty("version").GetInt32()));
    }

    [Fact]
    public async Task Stream_FailedTask_SaysWhyInItsFinalEvent()
    {
        ServerSentEvent final = (await Wire.ReadStreamAsync($"/tasks/{await FailedAsync(await StartWorkerAsync())}/events"))[^1];

        Assert.Equal(("failed", "out_of_luck"), (final.Gist, final.Json.GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Stream_OfARunningTask_TellsEachEventAsItHappens()
    {
        WireWorker worker = await StartWorkerAsync();
        string id = await SubmitAsync();
        await using WireStream stream = await Wire.StreamAsync($"/tasks/{id}/events");
        Assert.Equal("queued", (await stream.NextAsync())!.Gist);
        Claimed claimed = await worker.ClaimAsync();
        Assert.Equal("processing", (await stream.NextAsync())!.Gist);
        await worker.CompleteAsync(claimed);

        Assert.Equal("completed", (await stream.NextAsync())!.Gist);
        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task Resume_BehindAnyEvent_TellsTheRestOnceAndInOrder()
    {
        string id = await LiveAsync();
        List<ServerSentEvent> all = await Wire.ReadStreamAsync($"/tasks/{id}/events");

        for (int seen = 1; seen < all.Count; seen++)
        {
            Assert.Equal(all[seen..], await Wire.ReadStreamAsync($"/tasks/{id}/events", all[seen - 1].Id));
        }
    }

    [Fact]
    public async Task Resume_CutOffAfterEveryEvent_SeesEachOnceAndInOrder()
    {
        WireWorker worker = await StartWorkerAsync();
        string id = await SubmitAsync();
        await using WireStream witness = await Wire.StreamAsync($"/tasks/{id}/events");
        Task<List<ServerSentEvent>> seen = witness.ReadToEndAsync();
        Task living = LiveAsync(worker);

        var told = new List<ServerSentEvent>();
        while (told.Count == 0 || told[^1].Gist != "completed")
        {
            await using WireStream stream = await Wire.StreamAsync($"/tasks/{id}/events", told.LastOrDefault()?.Id);
            ServerSentEvent next = (await stream.NextAsync())!;
            Assert.True(told.Count == 0 || next.Number > told[^1].Number, $"{next.Id} is told again.");
            told.Add(next);
        }

        await living;
        Assert.Equal(await seen, told);
    }

    [Fact]
    public async Task Resume_BehindAnEventOfAnotherTask_TellsWhatCameAfterIt()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);
        string later = (await Wire.ReadStreamAsync($"/tasks/{await CompletedAsync(worker)}/events"))[^1].Id!;
        await worker.CompleteAsync(claimed);

        Assert.Equal(["completed"], (await Wire.ReadStreamAsync($"/tasks/{claimed.Id}/events", later)).Select(e => e.Gist));
    }

    [Fact]
    public async Task Resume_BehindTheFinalEvent_Is204()
    {
        string id = await CompletedAsync(await StartWorkerAsync());
        string final = (await Wire.ReadStreamAsync($"/tasks/{id}/events"))[^1].Id!;

        Assert.Equal(string.Empty, (await Wire.GetAsync($"/tasks/{id}/events", ("Last-Event-ID", final))).Is(204).Text);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("ffffffff-1")]
    [InlineData("-1")]
    public async Task Resume_BehindWhatWasNeverGivenOut_IsAResetWithTheTask(string lastEventId)
    {
        string id = await CompletedAsync(await StartWorkerAsync());

        ServerSentEvent reset = Assert.Single(await Wire.ReadStreamAsync($"/tasks/{id}/events", lastEventId));

        Assert.Equal("reset", reset.Name);
        Assert.True(JsonElement.DeepEquals((await TaskAsync(id)).Json, reset.Json), reset.Data);
        (await Wire.GetAsync($"/tasks/{id}/events", ("Last-Event-ID", reset.Id!))).Is(204);
    }

    [Fact]
    public async Task Reset_OfARunningTask_GoesOnFromThere()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);
        await using WireStream stream = await Wire.StreamAsync($"/tasks/{claimed.Id}/events", "garbage");
        ServerSentEvent reset = (await stream.NextAsync())!;
        await worker.CompleteAsync(claimed);

        Assert.Equal(("reset", "processing"), (reset.Name, reset.Text("status")));
        Assert.Equal(["completed"], (await stream.ReadToEndAsync()).Select(e => e.Gist));
    }

    [Fact]
    public async Task Head_IsTheHeadersAlone()
    {
        string id = await SubmitAsync();

        foreach (string path in (string[])[$"/tasks/{id}/events", "/tasks/events"])
        {
            Assert.Equal("text/event-stream", (await Wire.SendAsync(HttpMethod.Head, path)).Is(200).ContentType);
        }
    }

    [Fact]
    public async Task Accept_AdmitsNeitherTheStreamNorJson_Is406() => (await Wire.GetAsync($"/tasks/{await SubmitAsync()}/events", ("Accept", "text/html"))).IsProblem(406, "not-acceptable");

    /// <summary>Submits a task that reports progress and logs, and runs it to its end.</summary>
    private async Task<string> LiveAsync()
    {
        WireWorker worker = await StartWorkerAsync();
        string id = await SubmitAsync();
        await LiveAsync(worker);
        return id;
    }

    private static async Task LiveAsync(WireWorker worker)
    {
        Claimed claimed = await worker.ClaimAsync();
        for (int i = 1; i <= 3; i++)
        {
            (await worker.ReportAsync(claimed, "logs", $$""","entries":[{"level":"warning","message":"line {{i}}"}]""")).Is(200);
            (await worker.ReportAsync(claimed, "progress", $$""","progress":{"step":{{i}},"total":3,"message":"{{(i == 3 ? "done" : "working")}}"}""")).Is(200);
        }

        await worker.CompleteAsync(claimed);
    }
}
