using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TaskManager.AspNetCore;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class HealthCheckTests
{
    [Fact]
    public async Task Check_TasksAreAcceptedAndClaimed_IsHealthy()
    {
        await using HttpApp app = await StartAsync(checks => checks.AddTaskManager());
        HealthReport report = await CheckAsync(app);
        Assert.Equal((HealthStatus.Healthy, "taskmanager"), (report.Status, Assert.Single(report.Entries).Key));
    }

    [Fact]
    public async Task Check_ProcessShutsDown_SaysWhy()
    {
        await using HttpApp app = await StartAsync(checks => checks.AddTaskManager());
        await app.Host.Services.GetRequiredService<TaskManager.Engine.TaskEngine>().StopAsync().WithPatienceAsync();
        HealthReportEntry entry = (await CheckAsync(app)).Entries["taskmanager"];
        Assert.Equal((HealthStatus.Unhealthy, "stopping"), (entry.Status, entry.Data["reason"]));
        Assert.Equal("The process shuts down: no task is accepted or claimed.", entry.Description);
    }

    [Fact]
    public async Task Check_TooManyAbandoned_IsAsBadAsWasAskedUnderTheNameAndTagsThatWereGiven()
    {
        await using HttpApp app = await StartAsync(checks => checks.AddTaskManager("tasks", HealthStatus.Degraded, ["ready"]), options => (options.MaxAbandoned, options.AbandonAfter) = (1, TimeSpan.FromSeconds(10)));
        string id = await app.SubmitRunningAsync("stubborn");
        await app.Tasks.CancelAsync(Guid.Parse(id));
        app.Clock.Advance(TimeSpan.FromSeconds(10));
        await app.UntilAsync(id, TaskState.Cancelled);
        await Patience.UntilAsync(() => !app.Tasks.Readiness.IsReady);
        HealthReportEntry entry = (await CheckAsync(app)).Entries["tasks"];
        Assert.Equal((HealthStatus.Degraded, "too_many_abandoned"), (entry.Status, entry.Data["reason"]));
        Assert.Equal(["ready"], entry.Tags);
        app.Handlers.Release();
        await Patience.UntilAsync(() => app.Tasks.Readiness.IsReady);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(app)).Status);
    }

    private static Task<HttpApp> StartAsync(Func<IHealthChecksBuilder, IHealthChecksBuilder> add, Action<TaskManagerOptions>? tasks = null) =>
        HttpApp.StartAsync(new HttpAppSetup { Tasks = tasks, Build = builder => add(builder.Services.AddLogging().AddHealthChecks()) });

    private static Task<HealthReport> CheckAsync(HttpApp app) => app.Host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken).WithPatienceAsync();
}
