using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary>When a task may run, in what order, and what it says while it may not.</summary>
public sealed class PlacementTests(ConformanceHost host) : WireTest(host)
{
    [Fact]
    public Task Claim_Order_IsByPriorityThenAge() => ClaimsInOrderAsync(async () =>
    {
        string low = await SubmitAsync("\"priority\":\"low\"");
        string normal = await SubmitAsync();
        string later = await SubmitAsync();
        string critical = await SubmitAsync("\"priority\":\"critical\"");
        string high = await SubmitAsync("\"priority\":\"high\"");
        return [critical, high, normal, later, low];
    });

    [Fact]
    public Task Claim_FairnessKeys_TakeTurns() => ClaimsInOrderAsync(async () =>
    {
        string[] greedy = [await SubmitAsync("\"fairness_key\":\"a\""), await SubmitAsync("\"fairness_key\":\"a\""), await SubmitAsync("\"fairness_key\":\"a\"")];
        string modest = await SubmitAsync("\"fairness_key\":\"b\"");
        return [greedy[0], modest, .. greedy[1..]]; // though all of the other came before it
    });

    [Fact]
    public async Task Delay_IsHeldAndThenTheTaskRuns()
    {
        WireWorker worker = await StartWorkerAsync();
        string id = await SubmitAsync("\"delay_seconds\":0.3");

        await worker.CompleteAsync(await worker.ClaimAsync());

        HttpAnswer task = await TaskAsync(id);
        TimeSpan waited = task.Member("started_at").GetDateTimeOffset() - task.Member("created_at").GetDateTimeOffset();
        Assert.True(waited >= TimeSpan.FromSeconds(0.3), $"It began after {waited}."); // by the service's own clock
    }

    [Fact]
    public async Task DependsOn_UnfinishedParents_IsBlockedUntilTheyHaveCompleted()
    {
        WireWorker worker = await StartWorkerAsync();
        string done = await CompletedAsync(worker);
        Claimed parent = await BeginAsync(worker);

        HttpAnswer child = (await PostAsync(Body($"\"depends_on\":[\"{done}\",\"{parent.Id}\"]"))).Is(202);

        Assert.Equal("blocked", child.TaskStatus);
        Assert.Equal($$"""{"reason":"dependencies","task_ids":["{{parent.Id}}"]}""", child.Member("waiting_for").GetRawText());
        Assert.Equal([done, parent.Id], child.Member("depends_on").EnumerateArray().Select(id => id.GetString()));
        await worker.CompleteAsync(parent);
        Assert.Equal(child.Id, (await worker.ClaimAsync()).Id);
    }

    [Fact]
    public async Task DependsOn_ParentFails_CancelsTheTaskAndSaysWhy()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed parent = await BeginAsync(worker);
        string waiting = await SubmitAsync($"\"depends_on\":[\"{parent.Id}\"]");
        await worker.FailAsync(parent);

        foreach (string id in (string[])[waiting, await SubmitAsync($"\"depends_on\":[\"{parent.Id}\"]")])
        {
            HttpAnswer task = await EndAsync(id);
            Assert.Equal(("cancelled", "dependency_failed"), (task.TaskStatus, task.Member("error").GetProperty("code").GetString()));
        }
    }

    [Fact]
    public async Task DependsOn_ParentFailsAndTheTaskIsToRun_Runs()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed parent = await BeginAsync(worker);
        string id = await SubmitAsync($"\"depends_on\":[\"{parent.Id}\"],\"on_dependency_failure\":\"run\"");
        await worker.FailAsync(parent);

        Assert.Equal(id, (await worker.ClaimAsync()).Id);
    }

    [Fact]
    public async Task WaitingFor_Paused_IsSaid()
    {
        string id = await SubmitAsync();
        (await Wire.PostAsync($"/tasks/{id}/pause")).Is(200);

        await AssertWaitsAsync(id, "paused", """{"reason":"paused"}""");
    }

    [Fact]
    public async Task WaitingFor_NobodyRunsTheType_IsNoWorker() => await AssertWaitsAsync(await SubmitAsync(), "queued", """{"reason":"no_worker"}""");

    [Fact]
    public async Task WaitingFor_WorkersAreBusy_IsSlotAndNothingOnceItRuns()
    {
        WireWorker worker = await StartWorkerAsync();
        string id = await SubmitAsync();
        await AssertWaitsAsync(id, "queued", """{"reason":"slot"}""");
        await worker.ClaimAsync();

        await AssertWaitsAsync(id, "processing", "null");
    }

    [Fact]
    public async Task Timeout_RunningTask_IsToldToStopAndEndsTimedOut()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker, "\"timeout_seconds\":0.2");
        await worker.HearCancelAsync(claimed);
        await worker.FailAsync(claimed);

        HttpAnswer task = await TaskAsync(claimed.Id);

        Assert.Equal(("timed_out", "timed_out"), (task.TaskStatus, task.Member("attempts")[0].GetProperty("outcome").GetString()));
        Assert.NotEqual(JsonValueKind.Null, task.Member("error").ValueKind);
    }

    /// <summary>
    /// Asserts that what is submitted is claimed in the order given. Every eighth claim takes the oldest, and nobody knows how many there were before: of three times four or five
    /// claims, two at most have such a one.
    /// </summary>
    private async Task ClaimsInOrderAsync(Func<Task<string[]>> submitAsync)
    {
        WireWorker worker = await StartWorkerAsync();
        bool[] inOrder = new bool[3];
        for (int round = 0; round < inOrder.Length; round++)
        {
            string[] expected = await submitAsync();

            string[] claimed = [.. (await worker.ClaimAsync(max: 10)).Select(task => task.Id)];

            Assert.Equal(expected.ToHashSet(StringComparer.Ordinal), claimed.ToHashSet(StringComparer.Ordinal));
            inOrder[round] = claimed.SequenceEqual(expected);
        }

        Assert.Contains(true, inOrder);
    }

    /// <summary>Asserts what the whole task and its small form say.</summary>
    private async Task AssertWaitsAsync(string id, string status, string reason)
    {
        foreach (string form in (string[])["", "/status"])
        {
            HttpAnswer answer = (await Wire.GetAsync($"/tasks/{id}{form}")).Is(200);
            Assert.Equal((status, reason), (answer.TaskStatus, answer.Member("waiting_for").GetRawText()));
        }
    }
}
