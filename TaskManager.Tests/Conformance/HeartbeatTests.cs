using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary><c>POST /workers/{id}/heartbeat</c>: what it carries back. The hanging ones go on until the answer is another, so that it makes no difference who comes first.</summary>
public sealed class HeartbeatTests(ConformanceHost host) : WireTest(host)
{
    [Fact]
    public async Task Heartbeat_NothingAsked_SaysContinueAndRenewsTheLease()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);

        HttpAnswer answer = (await worker.BeatAsync(claimed)).Is(200);

        Assert.Equal("run", answer.Member("worker").GetString());
        JsonElement task = Assert.Single(answer.Member("tasks").EnumerateArray());
        Assert.Equal(["task_id", "directive", "lease_seconds"], Members(task));
        Assert.Equal((claimed.Id, "continue"), (IdOf(task), task.GetProperty("directive").GetString()));
        Assert.Equal(claimed.Json.GetProperty("lease_seconds").GetDouble(), task.GetProperty("lease_seconds").GetDouble());
    }

    [Fact]
    public async Task Heartbeat_Hanging_HearsOfACancel()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);
        Task hearing = worker.HearCancelAsync(claimed);
        Task<HttpAnswer> cancelling = Wire.PostAsync($"/tasks/{claimed.Id}/cancel");

        await hearing;

        await worker.FailAsync(claimed);
        await cancelling;
        Assert.Equal("cancelled", (await TaskAsync(claimed.Id)).TaskStatus);
    }

    [Fact]
    public async Task Heartbeat_PauseAndResume_AreHeardAndTakeEffect()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);
        Task<HttpAnswer> pausing = Wire.PostAsync($"/tasks/{claimed.Id}/pause");
        Assert.Equal("pause", await worker.HearAsync(claimed));
        Assert.Equal("pause", WireWorker.Directive(await worker.BeatAsync(claimed, ",\"paused\":true"))); // it stands still now
        await pausing;
        Assert.Equal("paused", (await TaskAsync(claimed.Id)).TaskStatus);

        Task<string> hearing = worker.HearAsync(claimed, known: "pause", ",\"paused\":true");
        (await Wire.PostAsync($"/tasks/{claimed.Id}/resume")).Is(200);

        Assert.Equal("continue", await hearing);
        Assert.Equal("continue", WireWorker.Directive(await worker.BeatAsync(claimed)));
        Assert.Equal("processing", (await TaskAsync(claimed.Id)).TaskStatus);
    }

    [Fact]
    public async Task Heartbeat_LeaseOfAnother_IsLostAndChangesNothing()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed first = await BeginAsync(worker);
        Claimed second = await BeginAsync(worker);

        Assert.Equal("lost", WireWorker.Directive(await worker.BeatAsync(first.Under(second.Token), ""","progress":{"step":1}""")));

        Assert.Equal(JsonValueKind.Null, (await TaskAsync(first.Id)).Member("progress").ValueKind);
        Assert.Equal("continue", WireWorker.Directive(await worker.BeatAsync(first)));
    }

    [Fact]
    public async Task Heartbeat_ProgressAndCheckpoint_AreKept()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);

        await worker.BeatAsync(claimed, ""","progress":{"step":2,"total":4,"message":"half"},"checkpoint":{"page":2}""");

        Assert.Equal(50, (await TaskAsync(claimed.Id)).Member("progress").GetProperty("percent").GetDouble());
        (await worker.ReportAsync(claimed, "release")).Is(200);
        Assert.Equal("""{"page":2}""", (await worker.ClaimAsync()).Json.GetProperty("checkpoint").GetRawText());
    }

    [Fact]
    public async Task Heartbeat_OfManyLeases_AnswersEach()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed[] claimed = [await BeginAsync(worker), await BeginAsync(worker), await BeginAsync(worker)];
        string leases = JsonSerializer.Serialize(claimed.Select(task => new { task_id = task.Id, lease_token = task.Token }));

        HttpAnswer answer = (await Wire.PostAsync($"/workers/{worker.Id}/heartbeat", $$"""{"leases":{{leases}}}""")).Is(200);

        Assert.Equal(claimed.Select(task => task.Id).Order(StringComparer.Ordinal), answer.Member("tasks").EnumerateArray().Select(IdOf).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"leases":{}}""", "leases")]
    [InlineData("""{"leases":[{}]}""", "leases[0].lease_token", "leases[0].task_id")]
    [InlineData("""{"leases":[7,{"task_id":"x","lease_token":7,"paused":1,"progress":[],"more":1}],"wait_seconds":-1}""",
        "leases[0]", "leases[1].lease_token", "leases[1].more", "leases[1].paused", "leases[1].progress", "leases[1].task_id", "wait_seconds")]
    public async Task Heartbeat_Wrong_NamesTheFaults(string body, params string[] fields) =>
        (await Wire.PostAsync($"/workers/{(await StartWorkerAsync()).Id}/heartbeat", body)).IsInvalid(fields);
}
