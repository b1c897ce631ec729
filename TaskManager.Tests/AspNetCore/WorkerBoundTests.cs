using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using static TaskManager.Tests.AspNetCore.WorkerApp;

namespace TaskManager.Tests.AspNetCore;

/// <summary>How much a worker may send, how long it may wait, and what it is told when a move is refused.</summary>
public sealed class WorkerBoundTests
{
    private const int CheckpointBytes = 64 * 1024;

    [Theory]
    [InlineData("0", 0)]
    [InlineData("31", 30)]
    [InlineData("100", 30)] // what the registration says
    [InlineData("1e308", 30)]
    public async Task Heartbeat_AnyWait_IsCutToWhatMayBe(string wait, double expectedSeconds)
    {
        await using HttpApp app = await WorkerApp.StartAsync(new HttpAppSetup { Tasks = options => options.LeaseDuration = TimeSpan.FromMinutes(5) });
        Assert.Equal(100, (await RegisterAsync(app)).Is(200).Member("heartbeat_seconds").GetDouble());
        if (expectedSeconds == 0)
        {
            (await app.PostAsync($"/workers/{Worker}/heartbeat", $"{{\"wait_seconds\":{wait}}}")).Is(200);
            return;
        }

        Task<HttpAnswer> hanging = await app.BeginAsync(client => client.PostAsync($"/workers/{Worker}/heartbeat", $"{{\"wait_seconds\":{wait}}}"));
        app.Clock.Advance(TimeSpan.FromSeconds(expectedSeconds) - TimeSpan.FromMilliseconds(1));
        Assert.False(hanging.IsCompleted);
        app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await hanging).Is(200);
    }

    [Fact]
    public async Task Checkpoint_Size_HasOneBoundWhereverItIsSent()
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        Claimed claimed = await StartTaskAsync(app);
        string most = $",\"checkpoint\":\"{new string('x', CheckpointBytes - 2)}\"";
        string more = $",\"checkpoint\":\"{new string('x', CheckpointBytes - 1)}\"";
        Assert.Contains("leases[0].checkpoint", (await HeartbeatAsync(app, claimed, more: more)).IsProblem(400, "invalid-request").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("\"checkpoint\"", (await ReportAsync(app, claimed, "release", more)).IsProblem(400, "invalid-request").GetProperty("errors").GetRawText(), StringComparison.Ordinal);
        Assert.Equal("continue", Directive(await HeartbeatAsync(app, claimed, more: most)));
        Assert.Equal("queued", (await ReportAsync(app, claimed, "release", most)).Is(200).TaskStatus);
    }

    [Theory]
    [InlineData("complete", "")]
    [InlineData("fail", ",\"error\":{\"code\":\"a\",\"message\":\"b\"}")]
    [InlineData("release", "")]
    public async Task Report_RefusedThoughTheLeaseLives_DoesNotSayThatItIsLost(string verb, string more)
    {
        await using HttpApp app = await WorkerApp.StartAsync(new HttpAppSetup
        {
            Build = builder =>
            {
                ServiceDescriptor real = builder.Services.Single(service => service.ServiceType == typeof(ITaskWorkers));
                builder.Services.AddSingleton(provider => RefusingWorkers.Around((ITaskWorkers)real.ImplementationFactory!(provider), provider));
            },
        });
        Claimed claimed = await StartTaskAsync(app);
        Assert.Equal("processing", (await ReportAsync(app, claimed, verb, more)).IsProblem(409, "move-refused").GetProperty("current_status").GetString());
    }

    [Fact]
    public async Task Complete_WhileItStandsStill_IsAccepted()
    {
        await using HttpApp app = await WorkerApp.StartAsync();
        Claimed claimed = await StartTaskAsync(app);
        Task<HttpAnswer> pause = app.PostAsync($"/tasks/{claimed.Id}/pause");
        await Patience.UntilAsync(async () => Directive(await HeartbeatAsync(app, claimed)) == "pause");
        Assert.Equal("pause", Directive(await HeartbeatAsync(app, claimed, more: ",\"paused\":true")));
        Assert.Equal("paused", (await pause).Is(200).TaskStatus);
        Assert.Equal("completed", (await ReportAsync(app, claimed, "complete", ",\"result\":9")).Is(200).TaskStatus);
    }

    /// <summary>The workers, but every report that would end an attempt is refused.</summary>
    public class RefusingWorkers : DispatchProxy
    {
        private ITaskWorkers _real = null!;
        private IServiceProvider _provider = null!;

        public static ITaskWorkers Around(ITaskWorkers real, IServiceProvider provider)
        {
            ITaskWorkers proxy = Create<ITaskWorkers, RefusingWorkers>();
            ((RefusingWorkers)(object)proxy)._real = real;
            ((RefusingWorkers)(object)proxy)._provider = provider;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name is nameof(ITaskWorkers.CompleteAsync) or nameof(ITaskWorkers.FailAsync) or nameof(ITaskWorkers.ReleaseAsync)
                ? new ValueTask<TaskMove>(RefuseAsync((Guid)args![0]!))
                : targetMethod.Invoke(_real, args);

        private async Task<TaskMove> RefuseAsync(Guid id) => new(MoveOutcome.Refused, (await _provider.GetRequiredService<ITaskManager>().GetAsync(id))!.Value);
    }
}
