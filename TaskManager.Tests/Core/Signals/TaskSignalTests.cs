using TaskManager.Signals;
using static TaskManager.Tests.Core.Signals.EventSteps;

namespace TaskManager.Tests.Core.Signals;

public sealed class TaskSignalTests
{
    private static readonly TaskRecord Ended = Record(Definition(1), TaskState.Completed);

    private readonly TaskSignal _signal = new();

    [Fact]
    public async Task Raise_WhileSomeWait_GivesThemTheRecordAndLetsNobodyElseIn()
    {
        Assert.True(_signal.TryJoin());
        _signal.Raise(Ended);

        Assert.False(_signal.TryJoin());
        Assert.Equal(Ended, await _signal.Raised.Patiently());
        Assert.False(_signal.Leave());
    }

    [Fact]
    public void Leave_OfTheLast_ClosesASignalThatWasNeverRaised()
    {
        Assert.True(_signal.TryJoin());
        Assert.True(_signal.TryJoin());

        Assert.False(_signal.Leave());
        Assert.True(_signal.Leave());

        Assert.False(_signal.TryJoin());
        Assert.False(_signal.Raised.IsCompleted);
    }

    [Fact]
    public void TryJoin_OfAClosedSignal_CountsNobody()
    {
        _signal.TryJoin();
        _signal.Leave();
        _signal.TryJoin();
        _signal.TryJoin();

        Assert.False(_signal.Leave());
    }

    [Fact]
    public async Task Raise_ThousandsWait_ReturnsBeforeTheyRun()
    {
        const int Waiters = 5_000;
        int raiser = Environment.CurrentManagedThreadId;
        int ranOnTheRaiser = 0;
        bool isRaising = false;
        Task[] waits = [.. Enumerable.Range(0, Waiters).Select(_ => _signal.Raised.ContinueWith(
            _ => ranOnTheRaiser += Environment.CurrentManagedThreadId == raiser && Volatile.Read(ref isRaising) ? 1 : 0,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default))];

        Volatile.Write(ref isRaising, true);
        _signal.Raise(Ended);
        Volatile.Write(ref isRaising, false);

        await Task.WhenAll(waits).Patiently();
        Assert.Equal(0, ranOnTheRaiser);
    }
}
