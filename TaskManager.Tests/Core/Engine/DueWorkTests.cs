using TaskManager.Tests.Proof.Races;

namespace TaskManager.Tests.Core.Engine;

/// <summary>What is done once a second, whatever the store and the tasks hold.</summary>
public sealed class DueWorkTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private SyncPointStore? _points;

    [Fact]
    public async Task Sweep_ABackOffThatNeverEnds_IsNoReasonToFail()
    {
        await using EngineFixture fixture = Create(
            (_, _) => throw new TaskAttemptException("later", "Not in this life.") { RetryAfter = TimeSpan.MaxValue }, type: type => type.MaxAttempts = 2);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await handle.WhenAsync(TaskState.Scheduled).Patiently();
        _points!.AfterQueueDue = () =>
        {
            fixture.Clock.Advance(TimeSpan.FromTicks(1)); // as any clock does
            return default;
        };

        await fixture.Engine.DueWork.DoAsync();

        Assert.Null(fixture.Tasks.Readiness.Reason);
    }

    [Fact]
    public async Task Sweep_StoreIsAway_IsNotReadyUntilOneSucceeds()
    {
        await using EngineFixture fixture = Create((_, _) => Task.FromResult("done"));
        await (await fixture.SubmitAsync()).WaitAsync().Patiently();
        _points!.AfterQueueDue = () => throw new IOException("away");

        fixture.Clock.Advance(Second);
        Assert.Equal((false, "store_unavailable"), (fixture.Tasks.Readiness.IsReady, fixture.Tasks.Readiness.Reason));
        _points.AfterQueueDue = null;
        _points.BeforeRemoveExpired = () => throw new IOException("away");
        fixture.Clock.Advance(Second);
        Assert.Equal("store_unavailable", fixture.Tasks.Readiness.Reason);
        _points.BeforeRemoveExpired = null;
        fixture.Clock.Advance(Second);

        Assert.True(fixture.Tasks.Readiness.IsReady);
    }

    [Fact]
    public async Task Sweep_SomeWaitForKeysAndOneForRoom_LetsItIn()
    {
        await using EngineFixture fixture = Create((_, _) => Task.FromResult("done"), options => (options.QueueCapacity, options.MaxIdempotencyKeys) = (2, 1));
        fixture.Engine.Start(); // else the first submission starts the pool again
        fixture.Pool.Stop();
        await fixture.SubmitAsync(options: new SubmitOptions { IdempotencyKey = "first" });
        TaskHandle<string> second = await fixture.SubmitAsync();
        Task[] keyed = [.. Enumerable.Range(0, 3).Select(i => fixture.SubmitAsync(options: new SubmitOptions { IdempotencyKey = $"{i}" }))];
        Task waiting = fixture.SubmitAsync();

        await second.CancelAsync(); // whoever is woken by it has no use for the room
        fixture.Clock.Advance(Second);

        await waiting.Patiently();
        Assert.All(keyed, task => Assert.False(task.IsCompleted));
        await fixture.Engine.StopAsync().Patiently();
        await Assert.ThrowsAsync<TaskManagerStoppingException>(() => Task.WhenAll(keyed).Patiently());
    }

    [Fact]
    public async Task Resume_RunAtPassesMeanwhile_RunsAtOnce()
    {
        await using EngineFixture fixture = Create((_, _) => Task.FromResult("done"));
        fixture.Clock.Advance(Second);
        TaskHandle<string> handle = await fixture.SubmitAsync(options: new SubmitOptions { RunAt = fixture.Clock.GetUtcNow() + TimeSpan.FromHours(1) });
        await handle.PauseAsync();
        _points!.BeforeUpdate = _ =>
        {
            _points.BeforeUpdate = null;
            fixture.Clock.JumpWall(TimeSpan.FromHours(2));
            return default;
        };

        Assert.Equal(MoveOutcome.Applied, (await handle.ResumeAsync()).Outcome);
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("done", await handle.WaitAsync().Patiently());
    }

    private EngineFixture Create(
        Func<Work, TaskContext, Task<string>> handler, Action<TaskManagerOptions>? configure = null, Action<TaskTypeOptions>? type = null) =>
        EngineFixture.Create(handler, configure, type, around: store => _points = new SyncPointStore(store));
}
