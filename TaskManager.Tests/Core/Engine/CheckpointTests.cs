namespace TaskManager.Tests.Core.Engine;

/// <summary>A handler may have several flows, and each may come to a checkpoint; the attempt stands once for all of them.</summary>
public sealed class CheckpointTests : IAsyncDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Task[]> _stood = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Gate _gate = new();
    private EngineFixture? _fixture;

    public ValueTask DisposeAsync() => _fixture?.DisposeInTimeAsync() ?? default;

    [Fact]
    public async Task Checkpoint_OfTwoFlows_BothStandUntilTheTaskIsResumed()
    {
        EngineFixture fixture = Create(StandTwiceAsync);
        TaskHandle<string> handle = await PauseAsync(fixture);
        Task[] flows = await _stood.Task.Patiently();

        Assert.All(flows, flow => Assert.False(flow.IsCompleted));
        Assert.Equal((0, 1), (fixture.Pool.Status.Busy, fixture.Pool.Status.Suspended));
        await handle.ResumeAsync();

        Assert.Equal("done", await handle.WaitAsync().Patiently());
        Assert.Equal(1, _gate.Entries);
        await Patience.UntilAsync(() => fixture.Pool.Status is { Busy: 0, Suspended: 0 });
    }

    [Fact]
    public async Task Checkpoint_OfTwoFlowsThenCancel_WakesBoth()
    {
        EngineFixture fixture = Create(StandTwiceAsync);
        TaskHandle<string> handle = await PauseAsync(fixture);
        Task[] flows = await _stood.Task.Patiently();

        await handle.CancelAsync();

        Assert.Equal(TaskState.Cancelled, (await handle.WhenEndedAsync().Patiently()).State);
        foreach (Task flow in flows)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flow.Patiently());
        }
    }

    [Fact]
    public async Task Checkpoint_AfterItWentOn_StandsAgain()
    {
        var isToStandAgain = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        EngineFixture fixture = Create(async (task, context) =>
        {
            await StandTwiceAsync(task, context);
            _gate.Enter();
            await isToStandAgain.Task;
            return await StandTwiceAsync(task, context);
        });
        TaskHandle<string> handle = await PauseAsync(fixture);
        await handle.WhenAsync(TaskState.Paused).Patiently();
        await handle.ResumeAsync();
        await Patience.UntilAsync(() => _gate.Entries == 2);
        Assert.Equal((1, 0), (fixture.Pool.Status.Busy, fixture.Pool.Status.Suspended));

        await handle.PauseAsync();
        isToStandAgain.SetResult();

        Assert.True((await handle.WhenAsync(TaskState.Paused).Patiently()).Status.IsSuspended);
        await Patience.UntilAsync(() => fixture.Pool.Status is { Busy: 0, Suspended: 1 });
        await handle.ResumeAsync();
        Assert.Equal("done", await handle.WaitAsync().Patiently());
    }

    [Fact]
    public async Task Complete_WhileAnotherFlowStands_ItsResultIsKeptAndTheFlowIsStopped()
    {
        EngineFixture fixture = Create(async (_, context) =>
        {
            _gate.Enter();
            await _asked.Task;
            _stood.SetResult([context.CheckpointAsync().AsTask()]);
            return "done";
        });
        TaskHandle<string> handle = await PauseAsync(fixture);
        Task[] flows = await _stood.Task.Patiently();

        Assert.Equal("done", await handle.WaitAsync().Patiently());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flows[0].Patiently());
        await Patience.UntilAsync(() => fixture.Pool.Status is { Busy: 0, Suspended: 0 });
        Assert.Equal(MoveOutcome.Refused, (await handle.ResumeAsync()).Outcome);
        Assert.Equal(1, _gate.Entries);
    }

    [Fact]
    public async Task Fail_WhileAnotherFlowStands_IsPausedBetweenTheAttempts()
    {
        EngineFixture fixture = Create(async (_, context) =>
        {
            _gate.Enter();
            await _asked.Task;
            if (context.Attempt == 1)
            {
                _stood.SetResult([context.CheckpointAsync().AsTask()]);
                throw new TaskAttemptException("broken", "It broke.") { RetryAfter = TimeSpan.Zero };
            }

            return $"attempt {context.Attempt}";
        });
        TaskHandle<string> handle = await PauseAsync(fixture, new SubmitOptions { MaxAttempts = 2 });
        await Patience.UntilAsync(async () => (await handle.GetAsync())!.Value is { State: TaskState.Paused, Status.IsSuspended: false });
        await Patience.UntilAsync(() => fixture.Pool.Status is { Busy: 0, Suspended: 0 });

        await handle.ResumeAsync();

        Assert.Equal("attempt 2", await handle.WaitAsync().Patiently());
    }

    private EngineFixture Create(Func<Work, TaskContext, Task<string>> handler) => _fixture = EngineFixture.Create(handler);

    private async Task<TaskHandle<string>> PauseAsync(EngineFixture fixture, SubmitOptions? options = null)
    {
        TaskHandle<string> handle = await fixture.SubmitAsync(options: options);
        await _gate.Entered;
        await handle.PauseAsync();
        _asked.SetResult();
        return handle;
    }

    private async Task<string> StandTwiceAsync(Work task, TaskContext context)
    {
        _gate.Enter();
        await _asked.Task;
        Task[] flows = [context.CheckpointAsync().AsTask(), context.CheckpointAsync().AsTask()];
        _stood.TrySetResult(flows);
        await Task.WhenAll(flows);
        return "done";
    }
}
