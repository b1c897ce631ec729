using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Races;

/// <summary>Requests and deadlines that meet the end of the same attempt, in both orders.</summary>
[Trait("Proof", "races")]
public sealed class EndSyncPointTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Cancel_JustBeforeTheCompletionIsInPlace_TheDoneWorkWins()
    {
        var gate = new Gate();
        await using var points = SyncPoints.Create(gate.HandleStubbornlyAsync);
        TaskHandle<string> handle = await points.Fixture.SubmitAsync();
        await gate.Entered;
        points.BeforeUpdate(status => status.State == TaskState.Completed, async () => Assert.Equal(MoveOutcome.Applied, (await handle.CancelAsync()).Outcome));

        gate.Open();

        TaskRecord ended = await handle.WhenEndedAsync().Patiently();
        Assert.Equal((TaskState.Completed, true), (ended.State, ended.Status.CancelRequested));
    }

    [Fact]
    public async Task Cancel_JustAfterTheCompletionIsInPlace_IsRefused()
    {
        var gate = new Gate();
        await using var points = SyncPoints.Create(gate.HandleStubbornlyAsync);
        TaskHandle<string> handle = await points.Fixture.SubmitAsync();
        await gate.Entered;
        points.AfterUpdate(status => status.State == TaskState.Completed, async () => Assert.Equal(MoveOutcome.Refused, (await handle.CancelAsync()).Outcome));

        gate.Open();

        Assert.False((await handle.WhenEndedAsync().Patiently()).Status.CancelRequested);
    }

    [Fact]
    public async Task TimeOut_JustBeforeTheCompletionIsInPlace_TheDoneWorkWins()
    {
        var gate = new Gate();
        await using var points = SyncPoints.Create(gate.HandleStubbornlyAsync);
        TaskHandle<string> handle = await points.Fixture.SubmitAsync(options: new SubmitOptions { Timeout = Minute });
        await gate.Entered;
        points.BeforeUpdate(status => status.State == TaskState.Completed, () =>
        {
            points.Fixture.Clock.Advance(Minute);
            return Task.CompletedTask;
        });

        gate.Open();

        TaskRecord ended = await handle.WhenEndedAsync().Patiently();
        Assert.Equal((TaskState.Completed, true), (ended.State, ended.Status.TimeoutFired));
    }

    [Fact]
    public async Task Complete_JustBeforeTheTimeOutIsInPlace_TheDoneWorkWins()
    {
        var gate = new Gate();
        await using var points = SyncPoints.Create(gate.HandleAsync);
        TaskHandle<string> handle = await points.Fixture.SubmitAsync(options: new SubmitOptions { Timeout = Minute });
        await gate.Entered;
        points.BeforeUpdate(status => status.TimeoutFired, () =>
        {
            gate.Open();
            return handle.WhenEndedAsync();
        });

        points.Fixture.Clock.Advance(Minute);

        TaskRecord ended = await handle.WhenEndedAsync().Patiently();
        Assert.Equal((TaskState.Completed, false), (ended.State, ended.Status.TimeoutFired));
    }

    [Fact]
    public async Task Complete_JustAfterTheAbandonmentIsInPlace_ThePoolCountsItOnce()
    {
        var gate = new Gate();
        await using var points = SyncPoints.Create(gate.HandleStubbornlyAsync, options => options.MaxConcurrency = 1);
        TaskHandle<string> handle = await points.Fixture.SubmitAsync();
        await gate.Entered;
        await handle.CancelAsync();
        points.AfterUpdate(status => status.State == TaskState.Cancelled, () =>
        {
            gate.Open();
            return Patience.UntilAsync(() => points.Fixture.Pool.Status.Busy == 0);
        });

        points.Fixture.Clock.Advance(TimeSpan.FromSeconds(30));

        await handle.WhenEndedAsync().Patiently();
        Assert.Equal("done", await (await points.Fixture.SubmitAsync()).WaitAsync().Patiently());
        await Patience.UntilAsync(() => points.Fixture.Pool.Status is { Busy: 0, Abandoned: 0 });
    }
}
