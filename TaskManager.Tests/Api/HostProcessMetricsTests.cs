using System.Diagnostics;
using TaskManager.Tests.AspNetCore;
using TaskManager.Tests.AspNetCore.Metrics;
using static TaskManager.Tests.AspNetCore.WorkerApp;

namespace TaskManager.Tests.Api;

/// <summary>The metrics of the host as it stands, after tasks of both kinds.</summary>
[Trait("Proof", "http")]
public sealed class HostProcessMetricsTests
{
    [Fact]
    public async Task Metrics_OfTheHost_AreRight()
    {
        string text = await MetricsAsync();
        IReadOnlyList<MetricSample> samples = MetricsText.Parse(text);
        Assert.Contains(samples, sample => sample is { Name: "taskmanager_tasks_ended_total", Value: 1 } && sample.Labels["task_type"] == "add");
        Assert.Contains(samples, sample => sample is { Name: "taskmanager_tasks_ended_total", Value: 1 } && sample.Labels["task_type"] == "held");
    }

    [Fact]
    [Trait("Needs", "promtool")]
    public async Task Metrics_OfTheHost_ArePraisedByPromtool()
    {
        string text = await MetricsAsync();
        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string[]> said = Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        string output = string.Concat(await said.WithPatienceAsync());
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken).WithPatienceAsync();
        Assert.Equal((0, string.Empty), (promtool.ExitCode, output)); // 1 for what cannot be read, 3 for bad manners
    }

    private static async Task<string> MetricsAsync()
    {
        await using HostProcess host = await HostProcess.StartAsync();
        HttpWorker worker = await HttpWorker.RegisterAsync(host, "worker-1-metrics", "held");
        (await host.SendAsync(HttpMethod.Post, "/tasks", """{"task_type":"add","parameters":{"a":1,"b":2}}""", ("Prefer", "wait=60"))).Is(200);
        (await host.PostAsync("/tasks", """{"task_type":"simulate_failure","parameters":{"processing_time":0}}""")).Is(202);
        (await host.PostAsync("/tasks", """{"task_type":"nothing"}""")).Is(400);
        (await host.PostAsync("/tasks", """{"task_type":"held"}""")).Is(202);
        Claimed task = Assert.Single(await worker.ClaimAsync(max: 1));
        (await worker.CompleteAsync(task)).Is(200);
        return (await host.GetAsync("/metrics")).Is(200).Text;
    }
}
