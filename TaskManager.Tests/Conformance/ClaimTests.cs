using System.Text.Json;

namespace TaskManager.Tests.Conformance;

/// <summary><c>POST /workers/{id}/claim</c>.</summary>
public sealed class ClaimTests(ConformanceHost host) : WireTest(host)
{
    [Fact]
    public async Task Claim_Task_CarriesWhatAWorkerNeeds()
    {
        WireWorker worker = await StartWorkerAsync();

        Claimed claimed = await BeginAsync(worker, "\"parameters\":{\"width\":640},\"timeout_seconds\":90");

        Assert.Equal(
            ["task_id", "task_type", "attempt", "lease_token", "lease_seconds", "timeout_seconds", "parameters", "checkpoint", "traceparent"], Members(claimed.Json));
        Assert.Equal((TaskType, 1, 90), (claimed.Json.GetProperty("task_type").GetString(), claimed.Json.GetProperty("attempt").GetInt32(), claimed.Json.GetProperty("timeout_seconds").GetDouble()));
        Assert.Equal(("""{"width":640}""", JsonValueKind.Null), (claimed.Json.GetProperty("parameters").GetRawText(), claimed.Json.GetProperty("checkpoint").ValueKind));
        Assert.True(claimed.Json.GetProperty("lease_seconds").GetDouble() > 0);
        Assert.Equal(("processing", worker.Id), ((await TaskAsync(claimed.Id)).TaskStatus, (await TaskAsync(claimed.Id)).Member("worker").GetString()));
    }

    [Fact]
    public async Task Claim_Max_IsNeverExceededAndOneByDefault()
    {
        WireWorker worker = await StartWorkerAsync();
        for (int i = 0; i < 6; i++)
        {
            await SubmitAsync();
        }

        Assert.Equal(1, (await Wire.PostAsync($"/workers/{worker.Id}/claim", "{}")).Is(200).Member("tasks").GetArrayLength());
        Assert.Equal(3, (await worker.ClaimAsync(max: 3)).Count);
        Assert.Equal(2, (await worker.ClaimAsync(max: 1000)).Count);
    }

    [Fact]
    public async Task Claim_NothingToDo_IsEmptyAtOnceOrAfterTheTime()
    {
        WireWorker worker = await StartWorkerAsync();

        Assert.Empty(await worker.ClaimAsync(max: 5));
        Assert.Empty(await worker.ClaimAsync(max: 5, wait: 0.2));
    }

    [Fact]
    public async Task Claim_Hanging_IsAnsweredAsSoonAsThereIsATask()
    {
        WireWorker worker = await StartWorkerAsync();
        Task<Claimed> claiming = worker.ClaimAsync();

        string id = await SubmitAsync();

        Assert.Equal(id, (await claiming).Id);
    }

    [Fact]
    public async Task Claim_OtherTypes_AreNotGivenOut()
    {
        WireWorker worker = await StartWorkerAsync();
        await SubmitAsync(type: OtherTaskType);

        Assert.Empty(await worker.ClaimAsync(max: 10));
    }

    [Fact]
    public async Task Claim_ByManyAtOnce_GivesOutEveryTaskOnceUnderATokenOfItsOwn()
    {
        const int Count = 60;
        WireWorker[] workers = [await StartWorkerAsync(), await StartWorkerAsync(), await StartWorkerAsync(), await StartWorkerAsync()];
        (await PostAsync(WireClient.Content($"[{string.Join(',', Enumerable.Repeat(Body(), Count))}]"), "/tasks/batch")).Is(200);

        IReadOnlyList<Claimed>[] claims = await Task.WhenAll(workers.SelectMany(worker => Enumerable.Range(0, Count / 10).Select(_ => worker.ClaimAsync(max: 3))));

        Claimed[] claimed = [.. claims.SelectMany(claim => claim)];
        Assert.Equal(Count, claimed.Select(task => task.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Count, claimed.Select(task => task.Token).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Count, claimed.Length);
    }

    [Theory]
    [InlineData("""{"max":0}""", "max")]
    [InlineData("""{"max":1001,"wait_seconds":31,"incarnation":5,"token":1}""", "incarnation", "max", "token", "wait_seconds")]
    [InlineData("""{"max":1.5,"wait_seconds":-1}""", "max", "wait_seconds")]
    public async Task Claim_Wrong_NamesTheFaults(string body, params string[] fields) =>
        (await Wire.PostAsync($"/workers/{(await StartWorkerAsync()).Id}/claim", body)).IsInvalid(fields);

    [Fact]
    public async Task LeaseToken_StandsInNoOtherAnswer()
    {
        Claimed claimed = await BeginAsync(await StartWorkerAsync());

        foreach (string path in (string[])[$"/tasks/{claimed.Id}", $"/tasks/{claimed.Id}/status", $"/tasks/{claimed.Id}/result", $"/tasks?type={TaskType}", "/workers"])
        {
            string text = (await Wire.GetAsync(path)).Text;
            Assert.DoesNotContain("lease_token", text, StringComparison.Ordinal);
            Assert.DoesNotContain(claimed.Token, text, StringComparison.Ordinal);
        }
    }
}
