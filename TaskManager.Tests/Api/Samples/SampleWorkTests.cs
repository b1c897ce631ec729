using TaskManager.Api.Samples;

namespace TaskManager.Tests.Api.Samples;

[Trait("Proof", "http")]
public sealed class SampleWorkTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task SpendAsync_SomeTime_EndsEveryStepAtItsMoment()
    {
        var context = new StandInContext(_clock);

        await AdvanceAsync(SampleWork.SpendAsync(context, 1, 4, "working"), TimeSpan.FromMilliseconds(10));

        Assert.Equal([(Ms(250), 1, 4), (Ms(500), 2, 4), (Ms(750), 3, 4), (Ms(1000), 4, 4)], context.Reports);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.05, 1)]
    [InlineData(1, 10)]
    [InlineData(2.55, 26)]
    [InlineData(30, 100)]
    public async Task SpendAsync_NoNumberOfSteps_TakesSmallOnes(double seconds, int steps)
    {
        var context = new StandInContext(_clock);

        await AdvanceAsync(SampleWork.SpendAsync(context, seconds, "working"), TimeSpan.FromMilliseconds(1));

        Assert.Equal(steps, context.Reports.Count);
        Assert.Equal((TimeSpan.FromSeconds(seconds), steps, steps), context.Reports[^1]);
    }

    [Theory]
    [InlineData(1, 100_000)]
    [InlineData(0.3, 7)]
    [InlineData(0, 1000)]
    public async Task SpendAsync_ManySmallSteps_DoNotDrift(double seconds, int steps)
    {
        var context = new StandInContext(_clock);

        await AdvanceAsync(SampleWork.SpendAsync(context, seconds, steps, "working"), TimeSpan.FromMilliseconds(1));

        Assert.Equal(Enumerable.Range(1, steps).Select(step => (double)step), context.Reports.Select(report => report.Step));
        Assert.Equal(TimeSpan.FromSeconds(seconds), context.Reports[^1].At);
    }

    [Fact]
    public async Task SpendAsync_TimersThatFireLate_DoNotAddUp()
    {
        var late = Ms(30);
        var context = new StandInContext(new LateClock(_clock, late));

        await AdvanceAsync(SampleWork.SpendAsync(context, 10, 100, "working"), Ms(10));

        Assert.Equal(100, context.Reports.Count);
        Assert.InRange(context.Reports[^1].At, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10) + late);
    }

    [Fact]
    public async Task SpendAsync_OneLongStep_LooksAtItsCheckpointAllTheWhile()
    {
        var context = new StandInContext(_clock);

        await AdvanceAsync(SampleWork.SpendAsync(context, 10, 1, "working"), TimeSpan.FromMilliseconds(50));

        Assert.InRange(context.Checkpoints, 100, 110);
    }

    [Fact]
    public async Task SpendAsync_HeldAtACheckpoint_DoesNotCountThatTime()
    {
        var context = new StandInContext(_clock);
        Task working = SampleWork.SpendAsync(context, 1, 2, "working");
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        context.Hold = held.Task;
        await AdvanceAsync(working, Ms(100), steps: 1);

        await Patience.UntilAsync(() => context.Checkpoints == 2);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(context.Reports);
        context.Hold = null;
        held.SetResult();
        await AdvanceAsync(working, Ms(100));

        Assert.Equal(TimeSpan.FromHours(1) + Ms(1000), context.Reports[^1].At);
    }

    [Fact]
    public async Task SpendAsync_TokenFires_Ends()
    {
        using var source = new CancellationTokenSource();
        Task working = SampleWork.SpendAsync(new StandInContext(_clock, source.Token), 3600, 1, "working");

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => working.Patiently());
        Assert.Equal(0, _clock.ActiveTimers);
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>Advances the clock, and only while the work waits for it, until the work is done or some steps were made.</summary>
    private async Task AdvanceAsync(Task work, TimeSpan step, int steps = int.MaxValue)
    {
        for (int i = 0; i < steps; i++)
        {
            await Patience.UntilAsync(() => work.IsCompleted || _clock.ActiveTimers > 0);
            if (work.IsCompleted)
            {
                await work;
                return;
            }

            _clock.Advance(step);
        }
    }

    private sealed class LateClock(ManualClock clock, TimeSpan late) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            clock.CreateTimer(callback, state, dueTime + late, period);
    }
}
