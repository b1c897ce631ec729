using System.Text.RegularExpressions;
using TaskManager.Tests.AspNetCore;
using static TaskManager.Tests.AspNetCore.WorkerApp;

namespace TaskManager.Tests.Api;

/// <summary>Whoever may submit tasks or run them cannot write lines of their own into the host's log.</summary>
[Trait("Proof", "http")]
public sealed partial class HostProcessLogTests
{
    private const string Evil = "\\r\\n2026-01-01T00:00:00.000Z crit  TaskManager[1] forged\\u001b[31m\\u0085\\u2028\\u0000";

    [Fact]
    public async Task Values_WithControlCharacters_StayWithinTheirLine()
    {
        await using HostProcess host = await HostProcess.StartAsync("--Logging:LogLevel:Default=Debug", "--Logging:LogLevel:Microsoft.AspNetCore=Information");
        HttpWorker worker = await HttpWorker.RegisterAsync(host, "worker-1-evil", "held");
        await host.PostAsync("/workers/register", $$"""{"worker_id":"worker-2-{{Evil}}","incarnation":"{{Evil}}","task_types":["{{Evil}}"]}""");
        await host.PostAsync("/workers/register", $$"""{"worker_id":"worker-2-x","incarnation":"{{Evil}}","task_types":["x"],"labels":{"{{Evil}}":"{{Evil}}"} }""");
        await host.PostAsync("/tasks", $$"""{"task_type":"{{Evil}}"}""");
        HttpAnswer failing = (await host.PostAsync("/tasks", $$"""{"task_type":"simulate_failure","parameters":{"message":"{{Evil}}","processing_time":0} }""")).Is(202);
        await host.UntilStatusAsync(failing.Id, "failed");
        (await host.PostAsync("/tasks", $$"""{"task_type":"held","parameters":"{{Evil}}"}""")).Is(202);
        Claimed task = Assert.Single(await worker.ClaimAsync(max: 1));
        (await worker.ReportAsync(task, "logs", $$""","entries":[{"message":"{{Evil}}"}]""")).Is(200);
        (await worker.ReportAsync(task, "fail", $$""","error":{"code":"evil","message":"{{Evil}}"}""")).Is(200);
        (await worker.ReportAsync(task, "release", $$""","checkpoint":"{{Evil}}" """)).Is(409);
        await host.GetAsync("/nothing%0d%0a2026-01-01T00:00:00.000Z%20crit%20%20forged%1b");
        await host.TerminateAsync();
        Assert.Equal(0, await host.ExitAsync());

        Assert.Contains(host.Lines, line => line.Contains("simulate_failure", StringComparison.Ordinal) && line.Contains("forged", StringComparison.Ordinal)); // it was logged indeed
        Assert.Contains(host.Lines, line => line.Contains("worker-1-evil", StringComparison.Ordinal));
        Assert.All(host.Lines, line => Assert.Matches(LinePattern(), line));
        Assert.DoesNotContain(host.Lines, line => line.StartsWith("2026-01-01T00:00:00.000Z crit", StringComparison.Ordinal));
    }

    [GeneratedRegex("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z (trace|debug|info |warn |error|crit ) [\\w.]+\\[\\d+\\] [^\\p{Cc}\\u2028\\u2029]*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LinePattern();
}
