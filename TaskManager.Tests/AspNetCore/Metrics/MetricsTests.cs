using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using TaskManager.AspNetCore;

namespace TaskManager.Tests.AspNetCore.Metrics;

/// <summary><c>GET /metrics</c> of an application.</summary>
[Trait("Proof", "http")]
public sealed class MetricsTests
{
    private const int ManyTasks = 100_000;
    private const int ManyWorkers = 100_000;

    [Fact]
    public async Task Get_AnyTime_IsTextForPrometheusAndUnderNoLimit()
    {
        await using HttpApp app = await StartAsync(new HttpAppSetup { RateLimit = limit => limit.PermitLimit = 1 });
        for (int i = 0; i < 20; i++)
        {
            HttpAnswer answer = (await app.GetAsync("/metrics")).Is(200);
            Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.ContentType);
            MetricsText.Parse(answer.Text);
        }

        await app.GetAsync("/tasks");
        (await app.GetAsync("/tasks")).Is(429);
        Assert.Equal(1, await ValueAsync(app, "taskmanager_rate_limit_refusals_total{}"));
        Assert.Equal(1, await ValueAsync(app, "taskmanager_rate_limit_clients{}"));
    }

    [Fact]
    public async Task Get_AfterTasksEndedInEveryWay_SaysWhatTheStatisticsSay()
    {
        await using HttpApp app = await StartAsync();
        await app.SubmitToEndAsync("add", """{"a":1,"b":2}""");
        await app.SubmitToEndAsync("fail");
        string running = await app.SubmitRunningAsync();
        (await app.PostAsync("/tasks", """{"task_type":"nothing"}""")).Is(400);
        WorkerApp.Claimed claimed = await WorkerApp.StartTaskAsync(app);
        (await WorkerApp.ReportAsync(app, claimed, "complete")).Is(200);
        (await WorkerApp.ReportAsync(app, claimed, "release")).Is(409);

        await Patience.UntilAsync(() => app.Pool.Status.Busy == 1); // an attempt is counted a moment after its task has ended
        JsonElement stats = (await app.GetAsync("/tasks/stats")).Is(200).Json;
        IReadOnlyList<MetricSample> samples = MetricsText.Parse((await app.GetAsync("/metrics")).Is(200).Text);
        Assert.Equal(stats.GetProperty("accepted").GetDouble(), samples.Where(sample => sample.Name == "taskmanager_submissions_total").Sum(sample => sample.Value));
        foreach (JsonProperty type in stats.GetProperty("types").EnumerateObject())
        {
            foreach (JsonProperty state in type.Value.EnumerateObject())
            {
                Assert.Equal(state.Value.GetDouble(), Value(samples, $"taskmanager_tasks{{task_state={state.Name},task_type={type.Name}}}"));
            }
        }

        foreach (JsonProperty bound in stats.GetProperty("bounds").EnumerateObject())
        {
            Assert.Equal(bound.Value.GetProperty("used").GetDouble(), Value(samples, $"taskmanager_bound_used{{bound={bound.Name}}}"));
            Assert.Equal(bound.Value.GetProperty("max").GetDouble(), Value(samples, $"taskmanager_bound_max{{bound={bound.Name}}}"));
        }

        Assert.Equal((1, 5, 1, 1), (
            Value(samples, "taskmanager_pool_busy{}"),
            Value(samples, "taskmanager_pool_slots{}"),
            Value(samples, "taskmanager_reports_late_total{}"),
            Value(samples, "taskmanager_submission_refusals_total{refusal_reason=unknown_type}")));
        Assert.Equal(1, Value(samples, "taskmanager_attempt_duration_seconds_count{attempt_outcome=failed,task_type=fail}"));
        Assert.Equal(1, Value(samples, $"taskmanager_attempt_duration_seconds_count{{attempt_outcome=completed,task_type={WorkerApp.Type}}}"));
        Assert.Equal(1, Value(samples, "taskmanager_task_wait_duration_seconds_count{task_type=gate}"));
        await app.DeleteAsync($"/tasks/{running}");
    }

    [Fact]
    public async Task Get_AfterManyTasksWorkersAndPaths_HasTheSameSeriesAsBefore()
    {
        await using HttpApp app = await StartAsync(new HttpAppSetup { Tasks = options => (options.QueueCapacity, options.MaxRetained) = (2 * ManyTasks, 2 * ManyTasks) });
        await app.SubmitToEndAsync("add", """{"a":1,"b":2}""");
        (await WorkerApp.ReportAsync(app, await WorkerApp.StartTaskAsync(app), "complete")).Is(200);
        await Patience.UntilAsync(() => app.Pool.Status.Busy == 0); // as it is counted a moment after its task has ended
        string[] before = await SeriesAsync(app);

        for (int i = 0; i < ManyTasks; i++)
        {
            await app.Tasks.SubmitAsync("add", new Add(i, 1), new SubmitOptions { Tags = [$"tag{i}"], UniqueKey = $"key{i}", FairnessKey = $"tenant{i % 1000}" });
        }

        await app.Tasks.WhenIdleAsync(TestContext.Current.CancellationToken).WithPatienceAsync();
        ITaskWorkers workers = app.Host.Services.GetRequiredService<ITaskWorkers>();
        for (int i = 0; i < ManyWorkers; i++)
        {
            string worker = string.Create(CultureInfo.InvariantCulture, $"worker-{i + 10}-x");
            Assert.IsType<RegisterResult.Registered>(await workers.RegisterAsync(new WorkerRegistration(worker, $"start{i}", [WorkerApp.Type], Labels: new Dictionary<string, string> { [$"label{i}"] = $"{i}" })));
            await app.Tasks.SubmitAsync(WorkerApp.Type, JsonSerializer.SerializeToElement(i));
            TaskRecord claimed = Assert.Single((await workers.ClaimAsync(worker, incarnation: null, 1, TimeSpan.Zero)).Tasks);
            await workers.CompleteAsync(claimed.Id, new LeaseProof(claimed.Status.Lease!.Token), new JsonPayload("1"u8.ToArray(), Value: null));
            await workers.LeaveAsync(worker, incarnation: null);
            await app.GetAsync((i % 3) switch
            {
                0 => $"/tasks/{Guid.NewGuid()}",
                1 => $"/task-types/type{i}",
                _ => $"/nothing/{i}",
            });
        }

        Assert.Equal(before, await SeriesAsync(app));
        Assert.Equal(ManyTasks + 1, await ValueAsync(app, "taskmanager_attempt_duration_seconds_count{attempt_outcome=completed,task_type=add}"));
    }

    private static async Task<HttpApp> StartAsync(HttpAppSetup? setup = null)
    {
        HttpApp app = await HttpApp.StartAsync((setup ?? new HttpAppSetup()) with
        {
            Map = host =>
            {
                host.MapTaskManager();
                host.MapTaskManagerWorkers();
                host.MapTaskManagerMetrics();
            },
        });
        await WorkerApp.RegisterAsync(app);
        return app;
    }

    private static async Task<string[]> SeriesAsync(HttpApp app) => [.. MetricsText.Parse((await app.GetAsync("/metrics")).Is(200).Text).Select(sample => sample.Series)];

    private static async Task<double> ValueAsync(HttpApp app, string series) => Value(MetricsText.Parse((await app.GetAsync("/metrics")).Is(200).Text), series);

    private static double Value(IEnumerable<MetricSample> samples, string series) => Assert.Single(samples, sample => sample.Series == series).Value;
}
