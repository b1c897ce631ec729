using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using TaskManager.Tests.Core.Diagnostics;

namespace TaskManager.Tests.Core.Engine;

/// <summary>Each attempt of the pool is measured once when it begins and once when it ends, however it does.</summary>
public sealed class MeasuredAttemptTests : IDisposable
{
    private readonly MeterFactory _factory = new();
    private readonly MeterReadings _readings;
    private readonly Gate _gate = new();

    public MeasuredAttemptTests() => _readings = new MeterReadings(_factory);

    public void Dispose()
    {
        _readings.Dispose();
        _factory.Dispose();
    }

    [Fact]
    public async Task Complete_AfterAWaitAndAPause_IsMeasuredWithoutThePause()
    {
        var proceed = new SemaphoreSlim(0);
        var entered = new SemaphoreSlim(0);
        await using EngineFixture fixture = Create(async (task, context) =>
        {
            entered.Release();
            await proceed.WaitAsync(context.CancellationToken);
            await context.CheckpointAsync();
            return task.Name;
        });
        fixture.Engine.Start();
        fixture.Pool.Stop();
        TaskHandle<string> handle = await fixture.SubmitAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(3));
        fixture.Pool.Start();
        await entered.WaitAsync().Patiently();
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        await handle.PauseAsync();
        proceed.Release();
        await handle.WhenAsync(TaskState.Paused).Patiently();
        fixture.Clock.Advance(TimeSpan.FromSeconds(100));
        await handle.ResumeAsync();
        await AssertMeasuredAsync(handle, "completed");
        Assert.Equal(3, Assert.Single(_readings.Of("taskmanager.task.wait.duration")).Value);
        Assert.Equal(5, Assert.Single(_readings.Of("taskmanager.attempt.duration")).Value);
        Assert.Equal("work", Assert.Single(_readings.Of("taskmanager.task.wait.duration"))["taskmanager.task.type"]);
    }

    [Fact]
    public async Task Fail_WithARetry_MeasuresBoth()
    {
        await using EngineFixture fixture = Create((task, context) => context.Attempt == 1 ? throw new TaskAttemptException("not_yet", "Not yet.") { RetryAfter = TimeSpan.Zero } : Task.FromResult("done"), maxAttempts: 2);
        await AssertMeasuredAsync(await fixture.SubmitAsync(), "failed", "completed");
    }

    [Fact]
    public async Task Cancel_OfARunningTask_IsMeasured()
    {
        await using EngineFixture fixture = Create(_gate.HandleAsync);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await _gate.Entered;
        await handle.CancelAsync();
        await AssertMeasuredAsync(handle, "cancelled");
    }

    [Fact]
    public async Task Timeout_OfARunningTask_IsMeasured()
    {
        await using EngineFixture fixture = Create(_gate.HandleAsync);
        TaskHandle<string> handle = await fixture.SubmitAsync(options: new SubmitOptions { Timeout = TimeSpan.FromSeconds(5) });
        await _gate.Entered;
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        await AssertMeasuredAsync(handle, "timed_out");
    }

    [Fact]
    public async Task Abandon_OfAStubbornTask_IsMeasuredOnce()
    {
        await using EngineFixture fixture = Create(_gate.HandleStubbornlyAsync);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await _gate.Entered;
        await handle.CancelAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(30));
        await AssertMeasuredAsync(handle, "cancelled");
        _gate.Open();
        await Patience.UntilAsync(() => fixture.Pool.Status.Abandoned == 0);
        Assert.Single(_readings.Of("taskmanager.attempt.duration"));
    }

    [Fact]
    public async Task Cancel_BeforeAnyAttempt_MeasuresNone()
    {
        await using EngineFixture fixture = Create(_gate.HandleAsync);
        TaskHandle<string> handle = await fixture.SubmitAsync(options: new SubmitOptions { Delay = TimeSpan.FromHours(1) });
        await handle.CancelAsync();
        await AssertMeasuredAsync(handle);
    }

    [Theory]
    [InlineData("invalid")]
    [InlineData("unknown_type")]
    [InlineData("key_reused")]
    [InlineData("queue_full")]
    [InlineData("not_tried")]
    [InlineData("stopping")]
    public async Task Refusal_OfASubmission_IsCountedUnderItsReason(string reason)
    {
        await using var fixture = EngineFixture.Create(_gate.HandleAsync, options => options.QueueCapacity = 1, more: builder => builder.Services.AddSingleton<IMeterFactory>(_factory));
        switch (reason)
        {
            case "invalid":
                Assert.IsType<SubmitResult.Invalid>(await fixture.Tasks.TrySubmitAsync(Request(new SubmitOptions { Delay = TimeSpan.FromSeconds(-1) })));
                break;
            case "unknown_type":
                Assert.IsType<SubmitResult.UnknownType>(await fixture.Tasks.TrySubmitAsync(new TaskRequest("nothing", new Work("a"))));
                break;
            case "key_reused":
                Assert.IsType<SubmitResult.Accepted>(await fixture.Tasks.TrySubmitAsync(Request(new SubmitOptions { IdempotencyKey = "k" }) with { Fingerprint = "a"u8.ToArray() }));
                Assert.IsType<SubmitResult.KeyReused>(await fixture.Tasks.TrySubmitAsync(Request(new SubmitOptions { IdempotencyKey = "k" }) with { Fingerprint = "b"u8.ToArray() }));
                break;
            case "queue_full":
                await fixture.SubmitAsync();
                Assert.IsType<SubmitResult.QueueFull>(await fixture.Tasks.TrySubmitAsync(Request()));
                break;
            case "not_tried":
                IReadOnlyList<SubmitResult> results = await fixture.Tasks.TrySubmitManyAsync([Request(), Request(new SubmitOptions { Delay = TimeSpan.FromSeconds(-1) })], atomic: true);
                Assert.IsType<SubmitResult.NotTried>(results[0]);
                break;
            default:
                await fixture.Engine.StopAsync().Patiently();
                Assert.IsType<SubmitResult.Stopping>(await fixture.Tasks.TrySubmitAsync(Request()));
                break;
        }

        MeterReading[] refusals = _readings.Of("taskmanager.submission.refusals");
        Assert.All(refusals, refusal => Assert.Equal(["taskmanager.refusal.reason"], refusal.Tags.Keys));
        Assert.Single(refusals, refusal => (string)refusal["taskmanager.refusal.reason"]! == reason && refusal.Value == 1);
    }

    private static TaskRequest Request(SubmitOptions? options = null) => new(EngineFixture.TypeName, new Work("a"), options);

    private EngineFixture Create(Func<Work, TaskContext, Task<string>> handler, int maxAttempts = 1) =>
        EngineFixture.Create(handler, options => options.MaxAttempts = maxAttempts, more: builder => builder.Services.AddSingleton<IMeterFactory>(_factory));

    private async Task AssertMeasuredAsync(TaskHandle<string> handle, params string[] outcomes)
    {
        TaskRecord record = await handle.WhenEndedAsync().Patiently();
        Assert.Equal(outcomes, record.Attempts().Select(attempt => attempt.OutcomeName));
        await Patience.UntilAsync(() => _readings.Of("taskmanager.attempt.duration").Length == outcomes.Length); // told right after the end

        // In any order: the next attempt may be over before the one that called for it has told.
        Assert.Equal(outcomes.Order(StringComparer.Ordinal), _readings.Of("taskmanager.attempt.duration").Select(reading => (string)reading["taskmanager.attempt.outcome"]!).Order(StringComparer.Ordinal));
        Assert.Equal(outcomes.Length, _readings.Of("taskmanager.task.wait.duration").Length);
    }
}
