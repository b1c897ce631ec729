using System.Runtime.CompilerServices;
using TaskManager.Signals;
using static TaskManager.Tests.Core.Signals.EventSteps;

namespace TaskManager.Tests.Core.Signals;

public sealed class TaskSignalsTests
{
    private readonly TaskSignals _signals = new(maxWaiters: 3);
    private readonly TaskDefinition _task = Definition(1);

    [Fact]
    public async Task Raise_ChangeOfState_WakesThoseThatWaitForChangesAlone()
    {
        using TaskSignals.Subscription change = _signals.Subscribe(_task.Id, untilDone: false);
        using TaskSignals.Subscription end = _signals.Subscribe(_task.Id, untilDone: true);
        TaskRecord processing = Record(_task, TaskState.Processing);
        TaskRecord completed = Record(_task, TaskState.Completed);

        _signals.Raise(processing);
        Assert.Equal(processing, await change.Raised.Patiently());
        Assert.False(end.Raised.IsCompleted);
        _signals.Raise(completed);

        Assert.Equal(completed, await end.Raised.Patiently());
        Assert.Equal(processing, await change.Raised);
    }

    [Fact]
    public async Task Raise_End_WakesThoseThatWaitForAChangeToo()
    {
        using TaskSignals.Subscription change = _signals.Subscribe(_task.Id, untilDone: false);

        _signals.Raise(Record(_task, TaskState.Cancelled));

        Assert.Equal(TaskState.Cancelled, (await change.Raised.Patiently()).State);
    }

    [Fact]
    public void Raise_OtherTask_WakesNobody()
    {
        using TaskSignals.Subscription end = _signals.Subscribe(_task.Id, untilDone: true);

        _signals.Raise(Record(Definition(2), TaskState.Completed));

        Assert.False(end.Raised.IsCompleted);
    }

    [Fact]
    public async Task Subscribe_AfterAChange_WaitsForTheNextOne()
    {
        using TaskSignals.Subscription early = _signals.Subscribe(_task.Id, untilDone: false);
        _signals.Raise(Record(_task, TaskState.Processing));
        using TaskSignals.Subscription late = _signals.Subscribe(_task.Id, untilDone: false);

        await early.Raised.Patiently();
        Assert.False(late.Raised.IsCompleted);
        _signals.Raise(Record(_task, TaskState.Paused));

        Assert.Equal(TaskState.Paused, (await late.Raised.Patiently()).State);
        Assert.Equal(TaskState.Processing, (await early.Raised).State);
    }

    [Fact]
    public void Subscribe_AsManyAsMayBe_IsRefusedUntilOneLeaves()
    {
        TaskSignals.Subscription[] waits = [.. Enumerable.Range(0, 3).Select(i => _signals.Subscribe(Definition(i).Id, untilDone: i == 0))];

        var refusal = Assert.Throws<TooManyWaitersException>(() => _signals.Subscribe(_task.Id, untilDone: true));
        Assert.Contains("3 calls", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(3, _signals.Waiters.Count);
        waits[0].Dispose();
        _signals.Subscribe(_task.Id, untilDone: true).Dispose();
        waits[1].Dispose();
        waits[2].Dispose();

        Assert.Equal(0, _signals.Waiters.Count);
    }

    [Fact]
    public async Task Dispose_RaisedOrNot_LeavesNothingBehind()
    {
        using (TaskSignals.Subscription raised = _signals.Subscribe(_task.Id, untilDone: true))
        {
            _signals.Raise(Record(_task, TaskState.Completed));
            await raised.Raised.Patiently();
        }

        TaskSignals.Subscription first = _signals.Subscribe(_task.Id, untilDone: true);
        TaskSignals.Subscription second = _signals.Subscribe(_task.Id, untilDone: true);
        Assert.Same(first.Raised, second.Raised);
        first.Dispose();
        using TaskSignals.Subscription third = _signals.Subscribe(_task.Id, untilDone: true);
        Assert.Same(second.Raised, third.Raised);
        second.Dispose();
    }

    [Fact]
    public void Dispose_ManyTasksWereWaitedFor_KeepsNothingOfThem()
    {
        WeakReference[] signals = [.. Enumerable.Range(0, 1_000).Select(_ => WaitAndLeave())];

        GC.Collect();

        Assert.InRange(signals.Count(signal => signal.IsAlive), 0, 10);
    }

    [Fact]
    public async Task Raise_AsSomeComeAndLeave_WakesEveryoneThatStayed()
    {
        const int Rounds = 20_000;
        var signals = new TaskSignals(maxWaiters: 100);
        using var start = new Barrier(2);
        Task coming = Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                for (int i = 0; i < Rounds; i++)
                {
                    signals.Subscribe(_task.Id, untilDone: true).Dispose();
                }
            },
            TaskCreationOptions.LongRunning);
        Task staying = Task.Factory.StartNew(
            async () =>
            {
                start.SignalAndWait();
                for (int i = 0; i < Rounds / 10; i++)
                {
                    using TaskSignals.Subscription stay = signals.Subscribe(_task.Id, untilDone: true);
                    signals.Raise(Record(_task, TaskState.Completed));
                    await stay.Raised.Patiently();
                }
            },
            TaskCreationOptions.LongRunning).Unwrap();

        await coming.Patiently();
        await staying; // each of its waits is bounded
        Assert.Equal(0, signals.Waiters.Count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference WaitAndLeave()
    {
        using TaskSignals.Subscription wait = _signals.Subscribe(Guid.NewGuid(), untilDone: false);
        return new WeakReference(wait.Raised);
    }
}
