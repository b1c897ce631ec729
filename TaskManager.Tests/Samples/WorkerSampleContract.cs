using System.Globalization;
using System.Text.Json;
using TaskManager.Tests.Api;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Samples;

/// <summary>What every sample worker does, in a process of its own against a host in another.</summary>
public abstract class WorkerSampleContract(LeasedHost leased, ITestOutputHelper output)
{
    private const double Hours = 3600;

    private static int workers;

    private readonly HostProcess _host = leased.Host;

    protected abstract string Program { get; }

    protected abstract string Script { get; }

    protected abstract string TaskType { get; }

    /// <summary>Gets the parameters of a task that takes some seconds, as JSON.</summary>
    protected abstract string Parameters(double seconds);

    /// <summary>Gets the result of such a task, as JSON.</summary>
    protected abstract string Result { get; }

    [Fact]
    public async Task Run_TasksOfItsType_CompletesAndCountsThem()
    {
        await using WorkerProcess worker = await StartAsync();
        string[] ids = [.. await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SubmitAsync(seconds: 0)))];
        foreach (string id in ids)
        {
            await UntilAsync(id, "completed");
            await AssertResultAsync(id);
        }

        Assert.Equal(ids.Length, await worker.EndAsync());
        Assert.DoesNotContain(worker.Id, (await _host.GetAsync("/workers")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PauseResumeCancel_OfARunningTask_ReachIt()
    {
        await using WorkerProcess worker = await StartAsync();
        string id = await SubmitAsync(Hours);
        await UntilAsync(id, "processing");
        TimeSpan paused = await MoveAsync(id, "pause", "paused");
        TimeSpan resumed = await MoveAsync(id, "resume", "processing");
        TimeSpan cancelled = await MoveAsync(id, "cancel", "cancelled");
        output.WriteLine($"Until {Script} stood still: {Milliseconds(paused)}; until it went on: {Milliseconds(resumed)}; until it had stopped: {Milliseconds(cancelled)}.");
        Assert.Equal("cancelled", (await AttemptsAsync(id))[^1].GetProperty("outcome").GetString());
        Assert.Equal(0, await worker.EndAsync());
    }

    [Fact]
    public async Task Terminate_WithTasksInHand_GivesThemBackAtNoCost()
    {
        await using WorkerProcess worker = await StartAsync();
        string[] ids = [await SubmitAsync(Hours), await SubmitAsync(Hours)];
        await UntilAllAsync(ids, "processing", worker.Id);
        Assert.Equal(0, await worker.EndAsync());
        foreach (string id in ids)
        {
            HttpAnswer task = (await _host.GetAsync($"/tasks/{id}")).Is(200);
            Assert.Equal(("queued", "released"), (task.TaskStatus, task.Member("attempts")[task.Member("attempts").GetArrayLength() - 1].GetProperty("outcome").GetString()));
            await CancelAsync(id);
        }
    }

    [Fact]
    public async Task Kill_InTheMiddle_ItsTasksRunElsewhere()
    {
        await using WorkerProcess killed = await StartAsync();
        string[] ids = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SubmitAsync(Hours)))];
        await UntilAllAsync(ids, "processing", killed.Id);
        await using WorkerProcess other = await StartAsync();
        long started = TimeProvider.System.GetTimestamp();
        await killed.SignalAsync(ProcessSignal.Kill);
        await UntilAllAsync(ids, "processing", other.Id);
        TimeSpan took = TimeProvider.System.GetElapsedTime(started);
        output.WriteLine($"Until all {ids.Length} tasks of the killed {Script} ran elsewhere: {Milliseconds(took)}, with leases of {Milliseconds(LeasedHost.Lease)}.");
        foreach (string id in ids)
        {
            JsonElement first = (await AttemptsAsync(id))[0];
            Assert.Equal((killed.Id, "lease_expired"), (first.GetProperty("worker").GetString(), first.GetProperty("outcome").GetString()));
            await CancelAsync(id);
        }

        Assert.Equal(0, await other.EndAsync());
    }

    [Fact]
    public async Task Stop_BeyondItsLease_TheTaskIsAnothersAndTheLateReportIsEvidence()
    {
        await using WorkerProcess first = await StartAsync();
        await using WorkerProcess second = await StartAsync();
        string id = await SubmitAsync(seconds: 3);
        await UntilAsync(id, "processing");
        WorkerProcess stopped = (await _host.GetAsync($"/tasks/{id}")).Member("worker").GetString() == first.Id ? first : second;
        WorkerProcess other = stopped == first ? second : first;
        await stopped.SignalAsync(ProcessSignal.Stop);
        await UntilAsync(id, "completed");
        string before = (await _host.GetAsync($"/tasks/{id}/result")).Is(200).Text;
        await stopped.SignalAsync(ProcessSignal.Continue);
        await AspNetCore.Patience.UntilAsync(async () => (await AttemptsAsync(id))[0].TryGetProperty("late_reports", out _)); // shown where there are some
        JsonElement[] attempts = await AttemptsAsync(id);
        Assert.Equal((stopped.Id, "lease_expired"), (attempts[0].GetProperty("worker").GetString(), attempts[0].GetProperty("outcome").GetString()));
        Assert.Contains(attempts[0].GetProperty("late_reports")[0].GetProperty("report").GetString(), (string[])["complete", "release", "progress"]);
        Assert.Equal((other.Id, "completed"), (attempts[^1].GetProperty("worker").GetString(), attempts[^1].GetProperty("outcome").GetString()));
        Assert.Equal(before, (await _host.GetAsync($"/tasks/{id}/result")).Is(200).Text);
        await AssertResultAsync(id);
        Assert.Equal((0, 1), (await stopped.EndAsync(), await other.EndAsync()));
    }

    [Fact]
    public async Task Stop_BeyondItsLeaseWithNobodyElse_ClaimsItsOwnTaskAgainAndCompletesIt()
    {
        await using WorkerProcess worker = await StartAsync();
        string id = await SubmitAsync(seconds: 3); // longer than a lease: only heartbeats for the new attempt let it come to its end
        await UntilAsync(id, "processing");
        await worker.SignalAsync(ProcessSignal.Stop);
        await UntilAsync(id, "queued");
        await worker.SignalAsync(ProcessSignal.Continue);
        await UntilAsync(id, "completed");
        await AssertResultAsync(id);
        Assert.Equal(1, await worker.EndAsync());
    }

    [Fact]
    public async Task Restart_OfTheHost_TheWorkerRegistersAnewAndGoesOn()
    {
        HostProcess before = await HostProcess.StartAsync();
        string address = before.Client.BaseAddress!.ToString();
        await using WorkerProcess worker = await StartAsync(before);
        await before.DisposeAsync();
        await using HostProcess after = await HostProcess.StartAsync("--urls", address);
        await worker.RegisteredAsync(after);
        string id = (await after.PostAsync("/tasks", Submission(seconds: 0))).Is(202).Id;
        await AspNetCore.Patience.UntilAsync(async () => (await after.GetAsync($"/tasks/{id}")).Is(200).TaskStatus == "completed");
        Assert.Equal(1, await worker.EndAsync());
    }

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:F0} ms");

    private Task<WorkerProcess> StartAsync(HostProcess? host = null) => WorkerProcess.StartAsync(
        host ?? _host, Program, Script, string.Create(CultureInfo.InvariantCulture, $"worker-{Interlocked.Increment(ref workers)}-{Program}"), slots: 4);

    private string Submission(double seconds) => $$"""{"task_type":"{{TaskType}}","parameters":{{Parameters(seconds)}}}""";

    private async Task<string> SubmitAsync(double seconds) => (await _host.PostAsync("/tasks", Submission(seconds))).Is(202).Id;

    private async Task UntilAsync(string id, string status) => await AspNetCore.Patience.UntilAsync(async () => (await _host.GetAsync($"/tasks/{id}")).Is(200).TaskStatus == status);

    private async Task UntilAllAsync(IEnumerable<string> ids, string status, string worker)
    {
        foreach (string id in ids)
        {
            await AspNetCore.Patience.UntilAsync(async () => (await _host.GetAsync($"/tasks/{id}")).Is(200) is var task && task.TaskStatus == status && task.Member("worker").GetString() == worker);
        }
    }

    private async Task<TimeSpan> MoveAsync(string id, string move, string status)
    {
        long started = TimeProvider.System.GetTimestamp();
        HttpAnswer answer = await _host.PostAsync($"/tasks/{id}/{move}");
        Assert.True(answer.Status is 200 or 202, answer.Text);
        await UntilAsync(id, status);
        return TimeProvider.System.GetElapsedTime(started);
    }

    private async Task CancelAsync(string id)
    {
        await _host.SendAsync(HttpMethod.Delete, $"/tasks/{id}");
        await UntilAsync(id, "cancelled");
    }

    private async Task<JsonElement[]> AttemptsAsync(string id) => [.. (await _host.GetAsync($"/tasks/{id}")).Is(200).Member("attempts").EnumerateArray()];

    private async Task AssertResultAsync(string id)
    {
        JsonElement result = (await _host.GetAsync($"/tasks/{id}/result")).Is(200).Member("result");
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(Result), result), result.GetRawText());
    }
}
