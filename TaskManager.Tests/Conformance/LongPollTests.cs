using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary>
/// <c>?wait=true</c> and <c>Prefer: wait</c>. Each poll names the version that it knows, so that it makes no difference whether the change comes before it or while it waits; and
/// asks for longer than the client has patience, so that one which sleeps through the change fails.
/// </summary>
public sealed class LongPollTests(ConformanceHost host) : WireTest(host)
{
    public static TheoryData<string> Forms => ["", "/status", "/result"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Wait_StatusChanges_AnswersLongBeforeItsTimeIsOver(string form)
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);
        Task<HttpAnswer> polling = Wire.GetAsync($"/tasks/{claimed.Id}{form}?wait=true&timeout={WireClient.Long}", ("If-None-Match", "W/\"2.0\""));
        await worker.CompleteAsync(claimed);

        Assert.Equal("completed", (await polling).Is(200).TaskStatus);
    }

    [Fact]
    public async Task Wait_StatusChangesButIsNotFinal_AnswersToo()
    {
        string id = await SubmitAsync();
        Task<HttpAnswer> polling = Wire.GetAsync($"/tasks/{id}?wait=true&timeout={WireClient.Long}", ("If-None-Match", "W/\"1.0\""));
        (await Wire.PostAsync($"/tasks/{id}/pause")).Is(200);

        Assert.Equal("paused", (await polling).Is(200).TaskStatus);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task PreferWait_IsAWaitTooAndIsSaidToBeApplied(string form)
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);
        Task<HttpAnswer> polling = Wire.GetAsync($"/tasks/{claimed.Id}{form}", ("Prefer", $"wait={WireClient.Long}"), ("If-None-Match", "W/\"2.0\""));
        await worker.CompleteAsync(claimed);

        HttpAnswer answer = (await polling).Is(200);

        Assert.Equal(("completed", $"wait={WireClient.Long}"), (answer.TaskStatus, answer.Header("Preference-Applied")));
    }

    [Theory]
    [InlineData("", 200)]
    [InlineData("/status", 200)]
    [InlineData("/result", 202)]
    public async Task Wait_NothingHappens_AnswersTheTaskAfterTheTimeAndNeverAnError(string form, int status)
    {
        string id = await SubmitAsync();
        long started = TimeProvider.System.GetTimestamp();

        HttpAnswer answer = (await Wire.GetAsync($"/tasks/{id}{form}?wait=true&timeout=0.3")).Is(status);

        // A lower bound, with room for how coarsely timers count: it did hang.
        Assert.True(TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(0.25), "The poll did not wait.");
        Assert.Equal("queued", answer.TaskStatus);
        Assert.True(answer.RetryAfter > 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/status")]
    public async Task Wait_NothingHappensToTheKnownVersion_Is304AfterTheTime(string form) =>
        (await Wire.GetAsync($"/tasks/{await SubmitAsync()}{form}?wait=true&timeout=0.1", ("If-None-Match", "W/\"1.0\""))).Is(304);

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Wait_TaskIsDone_AnswersAtOnce(string form)
    {
        string id = await FailedAsync(await StartWorkerAsync());

        Assert.Equal("failed", (await Wire.GetAsync($"/tasks/{id}{form}?wait=true&timeout={WireClient.Long}")).Is(200).TaskStatus);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/status")]
    public async Task Wait_VersionIsStaleAlready_AnswersAtOnce(string form)
    {
        string id = await SubmitAsync();
        (await Wire.PostAsync($"/tasks/{id}/pause")).Is(200);

        Assert.Equal("paused", (await Wire.GetAsync($"/tasks/{id}{form}?wait=true&timeout={WireClient.Long}", ("If-None-Match", "W/\"1.0\""))).Is(200).TaskStatus);
    }

    [Theory]
    [InlineData("?wait=true&timeout=0")]
    [InlineData("?wait=false&timeout=60")]
    [InlineData("?timeout=60")]
    public async Task Wait_NotAskedFor_AnswersAtOnce(string query) => Assert.Equal("queued", (await Wire.GetAsync($"/tasks/{await SubmitAsync()}{query}")).Is(200).TaskStatus);

    [Fact]
    public async Task Wait_TaskIsRemovedMeanwhile_AnswersItsEnd()
    {
        string id = await SubmitAsync();
        Task<HttpAnswer> polling = Wire.GetAsync($"/tasks/{id}?wait=true&timeout={WireClient.Long}", ("If-None-Match", "W/\"1.0\""));
        (await Wire.DeleteAsync($"/tasks/{id}?purge=true")).Is(204);

        HttpAnswer answer = await polling;

        Assert.True(answer.Status == 410 || answer.Is(200).TaskStatus == "cancelled", answer.Text); // 410 if it was gone before the poll came
    }

    [Theory]
    [InlineData("wait=yes", "wait")]
    [InlineData("wait=true&wait=true", "wait")]
    [InlineData("timeout=-1", "timeout")]
    [InlineData("timeout=60.001", "timeout")]
    [InlineData("timeout=soon", "timeout")]
    [InlineData("wait=maybe&timeout=", "timeout", "wait")]
    public async Task Wait_WrongValue_IsNamed(string query, params string[] fields)
    {
        string id = await SubmitAsync();

        foreach (string form in (string[])["", "/status", "/result"])
        {
            (await Wire.GetAsync($"/tasks/{id}{form}?{query}")).IsInvalid(fields);
        }
    }

    [Fact]
    public async Task Wait_ManyAtOnce_AllHearOfTheEnd()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);
        Task<HttpAnswer>[] polling = [.. Enumerable.Range(0, 50).Select(_ => Wire.GetAsync($"/tasks/{claimed.Id}?wait=true&timeout={WireClient.Long}", ("If-None-Match", "W/\"2.0\"")))];
        await worker.CompleteAsync(claimed);

        Assert.Single((await Task.WhenAll(polling)).Select(answer => answer.Is(200).Text).Distinct(StringComparer.Ordinal));
    }
}
