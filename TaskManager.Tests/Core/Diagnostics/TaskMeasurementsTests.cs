using TaskManager.Diagnostics;
using static TaskManager.Tests.Core.Signals.EventSteps;

namespace TaskManager.Tests.Core.Diagnostics;

public sealed class TaskMeasurementsTests
{
    private readonly TaskMeasurements _measurements = new();

    [Fact]
    public void Read_NothingHappened_HasNoFigures()
    {
        (double throughput, double? successRate, DurationPercentiles wait, DurationPercentiles run) = Read(0);

        Assert.Equal((0, null, null, null), (throughput, successRate, wait.P50, run.P50));
    }

    [Fact]
    public void Throughput_EndsOfTheLastMinute_AreCounted()
    {
        for (int second = 100; second < 160; second++)
        {
            End(TaskState.Completed, second);
            End(TaskState.Cancelled, second);
        }

        Assert.Equal(120d / 60, Read(159).ThroughputPerSecond);
        Assert.Equal(118d / 60, Read(160).ThroughputPerSecond);
        Assert.Equal(2d / 60, Read(218).ThroughputPerSecond);
        Assert.Equal(0, Read(219).ThroughputPerSecond);
        End(TaskState.Completed, 219); // the second's place is used again
        Assert.Equal(1d / 60, Read(219).ThroughputPerSecond);
    }

    [Fact]
    public void SuccessRate_EndsSinceTheStart_LeavesCancelledTasksOut()
    {
        End(TaskState.Cancelled, 1);
        Assert.Null(Read(1).SuccessRate);
        End(TaskState.Completed, 1);
        Assert.Equal(1, Read(1).SuccessRate);
        End(TaskState.Failed, 1);
        Assert.Equal(1d / 2, Read(1).SuccessRate);
        End(TaskState.TimedOut, 1);
        End(TaskState.Completed, 1);

        Assert.Equal(2d / 4, Read(1_000_000).SuccessRate);
    }

    [Fact]
    public void Wait_ClaimedTasks_CountForFiveMinutes()
    {
        Claim(TaskState.Queued, waitedTicks: 5, second: 100);
        Claim(TaskState.Queued, waitedTicks: 7, second: 100);
        Claim(TaskState.Queued, waitedTicks: 3, second: 100);
        Claim(TaskState.Paused, waitedTicks: 1, second: 100); // woken to be cancelled: it did not wait for a slot
        Claim(TaskState.Processing, waitedTicks: 1, second: 100); // a flag alone

        Assert.Equal((5, 7), (Read(399).Wait.P50!.Value.Ticks, Read(399).Wait.P99!.Value.Ticks));
        Assert.Null(Read(400).Wait.P50);
        Assert.Null(Read(100).Run.P50);
    }

    [Fact]
    public void Run_TasksThatRan_CountForFiveMinutes()
    {
        End(TaskState.Completed, 100, AttemptOutcome.Completed, ranTicks: 6);
        End(TaskState.Failed, 100, AttemptOutcome.Failed, ranTicks: 4);
        End(TaskState.Cancelled, 100, AttemptOutcome.None, ranTicks: 2); // no attempt lived
        Record(Change(TaskState.Scheduled, TaskState.Processing, new LifecycleStatus { RanBefore = TimeSpan.FromTicks(2) }), TimeSpan.FromSeconds(100)); // not an end

        Assert.Equal((4, 6), (Read(399).Run.P50!.Value.Ticks, Read(399).Run.P99!.Value.Ticks));
        Assert.Null(Read(400).Run.P50);
        Assert.Null(Read(100).Wait.P50);
    }

    [Fact]
    public void Record_TaskBornCancelled_IsAnEnd()
    {
        Record(Change(TaskState.Cancelled, from: null, new LifecycleStatus()), TimeSpan.FromSeconds(1));

        Assert.Equal(1d / 60, Read(1).ThroughputPerSecond);
    }

    [Fact]
    public void Record_ChangeOfAnEndedTask_IsNoFurtherEnd()
    {
        Record(Change(TaskState.Failed, TaskState.Failed, new LifecycleStatus()), TimeSpan.FromSeconds(1));
        Record(Change(TaskState.Queued, TaskState.Failed, new LifecycleStatus()), TimeSpan.FromSeconds(1));

        Assert.Equal((0, null), (Read(1).ThroughputPerSecond, Read(1).SuccessRate));
    }

    private static TaskChange Change(TaskState to, TaskState? from, LifecycleStatus status) =>
        new(new TaskRecord(Definition(1), status with { State = to }), from, default);

    private void Record(TaskChange change, TimeSpan at) => _measurements.Record(change with { At = new ClockReading(default, at) });

    private void Claim(TaskState from, int waitedTicks, int second) =>
        Record(Change(TaskState.Processing, from, new LifecycleStatus { WaitedBefore = TimeSpan.FromTicks(waitedTicks) }), TimeSpan.FromSeconds(second));

    private void End(TaskState state, int second, AttemptOutcome outcome = AttemptOutcome.Completed, int ranTicks = 1) => Record(
        Change(state, TaskState.Processing, new LifecycleStatus { LastOutcome = outcome, RanBefore = TimeSpan.FromTicks(ranTicks) }), TimeSpan.FromSeconds(second));

    private (double ThroughputPerSecond, double? SuccessRate, DurationPercentiles Wait, DurationPercentiles Run) Read(int second) => _measurements.Read(TimeSpan.FromSeconds(second));
}
