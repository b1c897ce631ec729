using System.Globalization;
using System.Text.RegularExpressions;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary>The rules of the rate limit, and of leases that run out. The tests share one small budget, so that whatever is limited is asked until it is admitted.</summary>
[Trait("Proof", "wire")]
[Collection(StrictHost.Name)]
public sealed partial class StrictTests(StrictHost host)
{
    private const string UnknownId = "01980000-0000-7000-8000-000000000000";

    [Fact]
    public async Task RateLimit_Headers_TellTheBudgetAndWhatIsLeftOfIt()
    {
        HttpAnswer answer = await AdmittedAsync(() => host.Wire.GetAsync("/task-types"));

        (int quota, int window) = Pair(Policy(), answer.Header("RateLimit-Policy"));
        (int left, int seconds) = Pair(Budget(), answer.Header("RateLimit"));
        Assert.InRange(left, 0, quota - 1); // this request is counted
        Assert.InRange(seconds, 1, window);
    }

    [Fact]
    public async Task RateLimit_UsedUp_Is429WithARetryAfterUntilThereIsRoomAgain()
    {
        HttpAnswer refused = await RefusedAsync();

        refused.IsProblem(429, "rate-limited");
        (_, int window) = Pair(Policy(), refused.Header("RateLimit-Policy"));
        Assert.InRange(refused.RetryAfter, 1, window);
        Assert.Equal(0, Pair(Budget(), refused.Header("RateLimit")).First);

        // Asked again and again meanwhile: what is refused does not extend the wait.
        await AdmittedAsync(() => host.Wire.GetAsync("/task-types"));
    }

    [Fact]
    public async Task RateLimit_UsedUp_LeavesWorkersAndHealthAlone()
    {
        await using WireWorker worker = await WireWorker.RegisterAsync(host.Wire, ConformanceHost.TaskType);
        await RefusedAsync();

        HttpAnswer[] answers =
        [
            await worker.AskAsync(),
            await host.Wire.PostAsync($"/workers/{worker.Id}/heartbeat", "{}"),
            await host.Wire.GetAsync("/workers"),
            await host.Wire.SendAsync(HttpMethod.Get, host.Wire.AtRoot("/health"), content: null),
        ];
        Assert.All(answers, answer => Assert.Null(answer.Is(200).Header("RateLimit")));
        (await host.Wire.PostAsync($"/tasks/{UnknownId}/release", $$"""{"lease_token":"{{UnknownId}}"}""")).IsProblem(404, "task-not-found");
    }

    [Fact]
    public async Task RateLimit_RefusedSubmission_IsNotAdmitted()
    {
        await using WireWorker worker = await WireWorker.RegisterAsync(host.Wire, ConformanceHost.TaskType);
        await AspNetCore.Patience.UntilAsync(async () =>
        {
            bool isRefused = (await SubmitAsync()).Status == 429;
            if (!isRefused)
            {
                await worker.CompleteAsync(await worker.ClaimAsync());
            }

            return isRefused;
        });

        Assert.Empty(await worker.ClaimAsync(max: 10));
    }

    [Fact]
    public async Task Lease_OfASilentWorker_RunsOutAndTheTaskGoesToAnother()
    {
        await using WireWorker silent = await WireWorker.RegisterAsync(host.Wire, ConformanceHost.TaskType);
        string id = (await AdmittedAsync(SubmitAsync)).Is(202).Id;
        Claimed old = await silent.ClaimAsync();
        Assert.Equal(id, old.Id);

        await using WireWorker other = await WireWorker.RegisterAsync(host.Wire, ConformanceHost.TaskType);
        Claimed current = await other.ClaimAsync();

        Assert.Equal((id, 2), (current.Id, current.Json.GetProperty("attempt").GetInt32()));
        (await silent.ReportAsync(old, "complete", ",\"result\":\"late\"")).IsProblem(409, "lease-lost");
        await other.CompleteAsync(current, "\"in time\"");
        Assert.Equal("lost", WireWorker.Directive(await silent.BeatAsync(old)));
        HttpAnswer task = (await AdmittedAsync(() => host.Wire.GetAsync($"/tasks/{id}"))).Is(200);
        Assert.Equal(("completed", "in time", 1), (task.TaskStatus, task.Member("result").GetString(), task.Member("rescues").GetInt32()));
        Assert.Equal(["lease_expired", "completed"], task.Member("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task Lease_OfAWorkerThatIsHeardOf_LastsBeyondItsTime()
    {
        await using WireWorker worker = await WireWorker.RegisterAsync(host.Wire, ConformanceHost.TaskType);
        (await AdmittedAsync(SubmitAsync)).Is(202);
        Claimed claimed = await worker.ClaimAsync();

        for (int thirds = 0; thirds < 4; thirds++)
        {
            Assert.Equal("continue", WireWorker.Directive(await worker.BeatAsync(claimed, wait: 25))); // it hangs for a third of the lease
        }

        await worker.CompleteAsync(claimed);
    }

    [GeneratedRegex("""^"default";q=(?<first>\d+);w=(?<second>\d+)$""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Policy();

    [GeneratedRegex("""^"default";r=(?<first>\d+);t=(?<second>\d+)$""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Budget();

    private static (int First, int Second) Pair(Regex form, string? header)
    {
        Match match = form.Match(header ?? string.Empty);
        Assert.True(match.Success, header);
        return (int.Parse(match.Groups["first"].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups["second"].Value, CultureInfo.InvariantCulture));
    }

    private static async Task<HttpAnswer> AdmittedAsync(Func<Task<HttpAnswer>> ask)
    {
        HttpAnswer answer = await ask();
        await AspNetCore.Patience.UntilAsync(async () => answer.Status != 429 || (answer = await ask()).Status != 429);
        return answer;
    }

    private async Task<HttpAnswer> RefusedAsync()
    {
        HttpAnswer answer = await host.Wire.GetAsync("/task-types");
        await AspNetCore.Patience.UntilAsync(async () => (answer = await host.Wire.GetAsync("/task-types")).Status == 429);
        return answer;
    }

    private Task<HttpAnswer> SubmitAsync() => host.Wire.PostAsync("/tasks", $$"""{"task_type":"{{ConformanceHost.TaskType}}"}""");
}
