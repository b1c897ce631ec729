using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary>Cancel, pause, resume and retry, by every way to ask for them.</summary>
public sealed class MoveTests(ConformanceHost host) : WireTest(host)
{
    [Fact]
    public async Task Cancel_WaitingTask_Is200ByEveryWayToAsk()
    {
        foreach (Func<string, Task<HttpAnswer>> cancel in Ways("cancel", "cancelled").Append(id => Wire.DeleteAsync($"/tasks/{id}")))
        {
            HttpAnswer answer = (await cancel(await SubmitAsync())).Is(200);
            Assert.Equal(("cancelled", true), (answer.TaskStatus, answer.Member("done").GetBoolean()));
            Assert.Null(answer.Header("Retry-After"));
        }
    }

    [Fact]
    public async Task PauseAndResume_WaitingTask_Are200ByEveryWayToAsk()
    {
        foreach ((Func<string, Task<HttpAnswer>> pause, Func<string, Task<HttpAnswer>> resume) in Ways("pause", "paused").Zip(Ways("resume", "queued")))
        {
            string id = await SubmitAsync();
            Assert.Equal("paused", (await pause(id)).Is(200).TaskStatus);
            Assert.Equal("queued", (await resume(id)).Is(200).TaskStatus);
        }
    }

    [Fact]
    public async Task Cancel_RunningTaskThatStopsInTime_Is200()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);
        Task<HttpAnswer> cancelling = Wire.PostAsync($"/tasks/{claimed.Id}/cancel");
        await worker.HearCancelAsync(claimed);
        (await worker.ReportAsync(claimed, "release")).Is(200);

        HttpAnswer answer = await cancelling;

        Assert.True(answer.Status is 200 or 202, answer.Text); // 202 only if the machine is too busy for a second
        Assert.Equal("cancelled", (await EndAsync(claimed.Id)).TaskStatus);
    }

    [Fact]
    public async Task Cancel_RunningTaskThatDoesNotStop_Is202AndRecorded()
    {
        Claimed claimed = await BeginAsync(await StartWorkerAsync());

        HttpAnswer answer = (await Wire.PostAsync($"/tasks/{claimed.Id}/cancel")).Is(202);

        Assert.Equal(("processing", true), (answer.TaskStatus, answer.Member("cancel_requested").GetBoolean()));
        Assert.True(answer.RetryAfter > 0);
    }

    [Fact]
    public async Task Cancel_TaskThatCompletesAllTheSame_Is409WithItsStatus()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);
        Task<HttpAnswer> cancelling = Wire.PostAsync($"/tasks/{claimed.Id}/cancel");
        await worker.HearCancelAsync(claimed);
        await worker.CompleteAsync(claimed);

        HttpAnswer answer = await cancelling;

        Assert.True(answer.Status == 202 || Refusal(answer) == "completed", answer.Text); // 202 only if the machine is too busy for a second
        Assert.Equal("completed", (await TaskAsync(claimed.Id)).TaskStatus);
    }

    [Fact]
    public async Task Pause_RunningTaskThatDoesNotStandStill_Is202AndRecorded()
    {
        Claimed claimed = await BeginAsync(await StartWorkerAsync());

        HttpAnswer answer = (await Wire.PostAsync($"/tasks/{claimed.Id}/pause")).Is(202);

        Assert.Equal(("processing", true), (answer.TaskStatus, answer.Member("pause_requested").GetBoolean()));
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("retry")]
    public async Task Move_OfACompletedTask_Is409WithItsStatus(string move)
    {
        string id = await CompletedAsync(await StartWorkerAsync());

        Assert.Equal("completed", Refusal(await Wire.PostAsync($"/tasks/{id}/{move}")));
        Assert.Equal("completed", (await TaskAsync(id)).TaskStatus);
    }

    [Theory]
    [InlineData("resume")]
    [InlineData("retry")]
    public async Task Move_OfAQueuedTaskThatMakesNoSense_Is409(string move) => Assert.Equal("queued", Refusal(await Wire.PostAsync($"/tasks/{await SubmitAsync()}/{move}")));

    [Fact]
    public async Task Cancel_CancelledTask_Is200Again()
    {
        string id = await SubmitAsync();

        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("cancelled", (await Wire.DeleteAsync($"/tasks/{id}")).Is(200).TaskStatus);
        }
    }

    [Fact]
    public async Task Retry_FailedTask_BeginsANewLifeAndKeepsItsHistory()
    {
        WireWorker worker = await StartWorkerAsync();
        string id = await FailedAsync(worker);

        HttpAnswer retried = (await Wire.PostAsync($"/tasks/{id}/retry")).Is(200);

        Assert.Equal(("queued", false, JsonValueKind.Null), (retried.TaskStatus, retried.Member("done").GetBoolean(), retried.Member("error").ValueKind));
        await worker.CompleteAsync(await worker.ClaimAsync());
        Assert.Equal(["failed", "completed"], (await TaskAsync(id)).Member("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task Retry_UniqueKeyIsTaken_Is409()
    {
        string key = $"\"unique_key\":\"{NewKey()}\"";
        string first = await SubmitAsync(key);
        (await Wire.DeleteAsync($"/tasks/{first}")).Is(200);
        await SubmitAsync(key);

        Assert.Equal("cancelled", Refusal(await Wire.PostAsync($"/tasks/{first}/retry"), "unique-key-taken"));
    }

    [Fact]
    public async Task Retry_ParentHasNotCompleted_Is409()
    {
        string parent = await FailedAsync(await StartWorkerAsync());
        string child = await SubmitAsync($"\"depends_on\":[\"{parent}\"]");

        Assert.Equal("cancelled", Refusal(await Wire.PostAsync($"/tasks/{child}/retry"), "parent-not-completed"));
    }

    [Theory]
    [InlineData("""{"status":"completed"}""", "status")]
    [InlineData("""{"status":"Cancelled"}""", "status")]
    [InlineData("""{"status":null}""", "status")]
    [InlineData("{}", "status")]
    [InlineData("""{"status":"cancelled","force":true}""", "force")]
    [InlineData("[]", "body")]
    public async Task PatchStatus_WrongBody_IsNamedAndChangesNothing(string body, string field)
    {
        string id = await SubmitAsync();

        (await Wire.PatchAsync($"/tasks/{id}/status", body)).IsInvalid(field);

        Assert.Equal(("queued", 1), ((await TaskAsync(id)).TaskStatus, (await TaskAsync(id)).Member("version").GetInt32()));
    }

    private static string? Refusal(HttpAnswer answer, string name = "move-refused") => answer.IsProblem(409, name).GetProperty("current_status").GetString();

    private IEnumerable<Func<string, Task<HttpAnswer>>> Ways(string verb, string status) =>
        [id => Wire.PostAsync($"/tasks/{id}/{verb}"), id => Wire.PatchAsync($"/tasks/{id}/status", $$"""{"status":"{{status}}"}""")];
}
