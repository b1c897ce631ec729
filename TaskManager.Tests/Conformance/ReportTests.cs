using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary>What workers report, and how a late report is fenced off.</summary>
public sealed class ReportTests(ConformanceHost host) : WireTest(host)
{
    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("""{"pages":[1,2],"text":"ü\n"}""")]
    public async Task Complete_AnyJson_IsTheResult(string result)
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);

        Assert.Equal("completed", (await worker.CompleteAsync(claimed, result)).TaskStatus);

        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(result), (await TaskAsync(claimed.Id)).Member("result")));
    }

    [Fact]
    public async Task Fail_NotRetryable_EndsTheTaskWithItsError()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker, "\"max_attempts\":3");

        Assert.Equal("failed", (await worker.FailAsync(claimed, isRetryable: false)).TaskStatus);

        Assert.Equal("out_of_luck", (await TaskAsync(claimed.Id)).Member("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Fail_AttemptsAreLeft_IsTriedAgainAfterTheTimeThatWasAskedFor()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed first = await BeginAsync(worker, "\"max_attempts\":2");

        HttpAnswer failed = (await worker.ReportAsync(first, "fail", ""","error":{"code":"flaky","message":"Again."},"retry_after_seconds":0.1""")).Is(200);
        Claimed second = await worker.ClaimAsync();

        Assert.Contains(failed.TaskStatus, (string[])["scheduled", "queued"]);
        Assert.Equal((first.Id, 2), (second.Id, second.Json.GetProperty("attempt").GetInt32()));
        await worker.FailAsync(second, isRetryable: true);
        HttpAnswer task = await TaskAsync(first.Id);
        Assert.Equal(("failed", 2), (task.TaskStatus, task.Member("failures").GetInt32()));
        Assert.Equal(["failed", "failed"], task.Member("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task Release_GivesTheTaskBackAtNoCostWithItsCheckpoint()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);

        Assert.Equal("queued", (await worker.ReportAsync(claimed, "release", ""","checkpoint":{"page":4}""")).Is(200).TaskStatus);

        Claimed next = await worker.ClaimAsync();
        Assert.Equal((claimed.Id, """{"page":4}"""), (next.Id, next.Json.GetProperty("checkpoint").GetRawText()));
        Assert.Equal((0, 0), ((await TaskAsync(next.Id)).Member("failures").GetInt32(), (await TaskAsync(next.Id)).Member("rescues").GetInt32()));
    }

    [Fact]
    public async Task Release_AfterAPause_IsHeldUntilItIsResumed()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);
        Task<HttpAnswer> pausing = Wire.PostAsync($"/tasks/{claimed.Id}/pause");
        Assert.Equal("pause", await worker.HearAsync(claimed));

        Assert.Equal("paused", (await worker.ReportAsync(claimed, "release")).Is(200).TaskStatus);

        await pausing;
        Assert.Empty(await worker.ClaimAsync(max: 10));
        (await Wire.PostAsync($"/tasks/{claimed.Id}/resume")).Is(200);
        Assert.Equal(claimed.Id, (await worker.ClaimAsync()).Id);
    }

    [Theory]
    [InlineData("release", "")]
    [InlineData("fail", ""","error":{"code":"stopped","message":"As it was told."}""")]
    public async Task Report_AfterACancel_EndsTheTaskCancelled(string verb, string more)
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker, "\"max_attempts\":3");
        Task<HttpAnswer> cancelling = Wire.DeleteAsync($"/tasks/{claimed.Id}");
        await worker.HearCancelAsync(claimed);

        Assert.Equal("cancelled", (await worker.ReportAsync(claimed, verb, more)).Is(200).TaskStatus);

        await cancelling;
    }

    [Fact]
    public async Task ProgressAndLogs_AreKept()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);

        (await worker.ReportAsync(claimed, "progress", ""","progress":{"step":1,"total":2,"message":"one"}""")).Is(200);
        (await worker.ReportAsync(claimed, "logs", ""","entries":[{"level":"warning","message":"careful"},{"message":"fine"}]""")).Is(200);

        Assert.Equal("one", (await TaskAsync(claimed.Id)).Member("progress").GetProperty("message").GetString());
        Assert.Equal(
            ["warning careful", "information fine"],
            (await Wire.GetAsync($"/tasks/{claimed.Id}/logs")).Is(200).Member("items").EnumerateArray().Select(line => $"{line.GetProperty("level")} {line.GetProperty("message")}"));
    }

    [Theory]
    [InlineData("complete", ",\"result\":\"late\"")]
    [InlineData("fail", ""","error":{"code":"late","message":"Late."}""")]
    [InlineData("release", "")]
    [InlineData("progress", ""","progress":{"step":9}""")]
    [InlineData("logs", ""","entries":[{"message":"late"}]""")]
    public async Task Report_UnderTheTokenOfAnAttemptThatIsOver_Is409AndChangesNothing(string verb, string more)
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed old = await BeginAsync(worker);
        (await worker.ReportAsync(old, "release", ",\"checkpoint\":1")).Is(200);
        Claimed current = await worker.ClaimAsync();

        (await worker.ReportAsync(old, verb, more)).IsProblem(409, "lease-lost");

        HttpAnswer task = await TaskAsync(current.Id);
        Assert.Equal(("processing", 2, JsonValueKind.Null), (task.TaskStatus, task.Member("attempt").GetInt32(), task.Member("progress").ValueKind));
        Assert.Empty((await Wire.GetAsync($"/tasks/{current.Id}/logs")).Is(200).Member("items").EnumerateArray());
        Assert.Equal("completed", (await worker.CompleteAsync(current)).TaskStatus);
    }

    [Fact]
    public async Task Report_UnderTheTokenOfAnotherTask_Is409AndChangesNeither()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed first = await BeginAsync(worker);
        Claimed second = await BeginAsync(worker);

        (await worker.ReportAsync(first.Under(second.Token), "complete", ",\"result\":1")).IsProblem(409, "lease-lost");

        Assert.All((HttpAnswer[])[await TaskAsync(first.Id), await TaskAsync(second.Id)], task => Assert.Equal("processing", task.TaskStatus));
    }

    [Fact]
    public async Task Report_OfAnotherAttempt_Is409()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);

        (await worker.ReportAsync(claimed, "complete", ",\"result\":1,\"attempt\":2")).IsProblem(409, "lease-lost");

        (await worker.ReportAsync(claimed, "complete", ",\"result\":1,\"attempt\":1")).Is(200);
    }

    [Theory]
    [InlineData("complete", ",\"result\":{\"a\":1}")]
    [InlineData("fail", ""","error":{"code":"x","message":"y"},"retryable":false""")]
    [InlineData("release", ",\"checkpoint\":3")]
    public async Task Report_Repeated_IsAnsweredLikeTheFirstTime(string verb, string more)
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);
        HttpAnswer first = (await worker.ReportAsync(claimed, verb, more)).Is(200);
        string version = (await TaskAsync(claimed.Id)).Header("ETag")!;

        HttpAnswer again = (await worker.ReportAsync(claimed, verb, more)).Is(200);

        Assert.Equal(first.TaskStatus, again.TaskStatus);
        Assert.Equal(version, (await TaskAsync(claimed.Id)).Header("ETag"));
    }

    [Theory]
    [InlineData("complete", "{}", "lease_token")]
    [InlineData("complete", """{"lease_token":"x","attempt":0,"error":1}""", "attempt", "error", "lease_token")]
    [InlineData("fail", $$"""{"lease_token":"{{UnknownId}}"}""", "error")]
    [InlineData("release", """{"lease_token":null,"result":1}""", "lease_token", "result")]
    [InlineData("progress", $$$"""{"lease_token":"{{{UnknownId}}}","progress":{}}""", "progress.step")]
    [InlineData("logs", $$$"""{"lease_token":"{{{UnknownId}}}","entries":[{"level":"loud","message":1}]}""", "entries[0].level", "entries[0].message")]
    public async Task Report_Wrong_NamesTheFaults(string verb, string body, params string[] fields) => (await Wire.PostAsync($"/tasks/{UnknownId}/{verb}", body)).IsInvalid(fields);

    [Theory]
    [InlineData("complete", ",\"result\":1")]
    [InlineData("release", "")]
    public async Task Report_OfAnUnknownTask_Is404(string verb, string more) =>
        (await Wire.PostAsync($"/tasks/{UnknownId}/{verb}", $$"""{"lease_token":"{{UnknownId}}"{{more}}}""")).IsProblem(404, "task-not-found");
}
