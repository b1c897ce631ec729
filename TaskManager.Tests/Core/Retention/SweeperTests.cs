using Microsoft.Extensions.Logging;
using NSubstitute;
using TaskManager.Retention;

namespace TaskManager.Tests.Core.Retention;

public sealed class SweeperTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly ITaskStore _store = Substitute.For<ITaskStore>();
    private readonly LogLines _log = new();
    private readonly Sweeper _sweeper;
    private Func<int> _remove = () => 0;
    private Func<Task> _raise = () => Task.CompletedTask;
    private int _removals;
    private int _hints;

    public SweeperTests()
    {
        SubstituteExtensions.Returns(_store.RemoveExpiredAsync(CancellationToken.None), _ =>
        {
            _removals++;
            return _remove();
        });
        _sweeper = new Sweeper(_store, _clock, RaiseHintsAsync, _log);
    }

    public void Dispose() => _sweeper.Dispose();

    [Fact]
    public async Task SweepOnce_Always_RemovesRaisesTheHintsAndSaysHowManyWent()
    {
        _remove = () => 7;

        Assert.Equal(7, await _sweeper.SweepOnceAsync());

        Assert.Equal((1, 1), (_removals, _hints));
    }

    [Fact]
    public void Start_OnceASecond_Sweeps()
    {
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, _removals);
        _sweeper.Start();

        _clock.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Assert.Equal(0, _removals);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal((1, 1), (_removals, _hints));
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal((10, 10), (_removals, _hints));
        Assert.Empty(_log.Lines); // nothing went, so there is nothing to say
    }

    [Fact]
    public void Dispose_Started_SweepsNoMore()
    {
        _sweeper.Start();
        _sweeper.Dispose();

        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal((0, 0), (_removals, _clock.ActiveTimers));
    }

    [Fact]
    public void Sweep_TasksWent_SaysHowMany()
    {
        _remove = () => 3;
        _sweeper.Start();

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([(LogLevel.Debug, "Retention removed 3 tasks")], _log.Lines);
    }

    [Fact]
    public void Sweep_StoreOrHintsFail_IsLoggedAndTheNextOneTriesAgain()
    {
        _remove = () => throw new InvalidOperationException("away");
        _sweeper.Start();

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((1, 0), (_removals, _hints));
        (_remove, _raise) = (() => 1, () => throw new InvalidOperationException("no hints"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        _raise = () => Task.FromException(new InvalidOperationException("no hints in the end"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        _raise = () => Task.CompletedTask;
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((4, 3), (_removals, _hints));
        Assert.Equal([LogLevel.Error, LogLevel.Error, LogLevel.Error, LogLevel.Debug], _log.Lines.Select(line => line.Level));
        Assert.Equal("A sweep failed; the next one tries again", _log.Lines[0].Text);
    }

    [Fact]
    public async Task Sweep_StoreIsSlow_IsNotAskedTwiceAtOnce()
    {
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (_remove, _raise) = (() => 1, () => slow.Task);
        _sweeper.Start();

        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, _removals);
        slow.SetResult();
        await Patience.UntilAsync(() => _log.Lines.Length == 1);
        await Patience.UntilAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return _removals > 1;
        });

        Assert.Equal(_removals, _hints);
    }

    private async ValueTask RaiseHintsAsync()
    {
        _hints++;
        await _raise();
    }
}
