using TaskManager.Queueing;
using static TaskManager.Tests.Core.Definitions;

namespace TaskManager.Tests.Core.Queueing;

public sealed class TypeQueueTests
{
    [Theory]
    [InlineData(null, 1000, false)]
    [InlineData(1, 0, false)]
    [InlineData(1, 1, true)]
    [InlineData(2, 1, false)]
    [InlineData(2, 2, true)]
    [InlineData(2, 3, true)] // those that a cancel wakes run outside the slots
    public void IsAtLimit_SoManyRun_IsAtTheBoundAndBeyond(int? most, int running, bool expected)
    {
        TypeQueue queue = Queue(type => type.MaxConcurrency = most);
        queue.Counts[TaskState.Processing] = running;
        queue.Counts[TaskState.Queued] = 1000;

        Assert.Equal(expected, queue.IsAtLimit);
    }

    [Theory]
    [InlineData(0, 1, false, true)]
    [InlineData(1, 0, false, true)]
    [InlineData(1, 1, true, true)] // one slot is kept for the attempt that is about to go on, which itself may
    [InlineData(0, 2, true, true)]
    [InlineData(2, 0, true, false)]
    [InlineData(2, 1, true, false)]
    public void IsAtLimit_AttemptsThatAreAboutToGoOn_CountAsRunningForAllButThemselves(int running, int resuming, bool isAtLimit, bool mayGoOn)
    {
        TypeQueue queue = Queue(type => type.MaxConcurrency = 2);
        queue.Counts[TaskState.Processing] = running;
        queue.Resuming = resuming;

        Assert.Equal((isAtLimit, mayGoOn), (queue.IsAtLimit, queue.MayGoOn));
        Assert.True(Queue().MayGoOn);
    }

    [Fact]
    public void HoldAt_LimitAndRate_NamesTheLimitFirst()
    {
        TypeQueue queue = Queue(type =>
        {
            type.MaxConcurrency = 1;
            type.Rate = new TaskRate(1, TimeSpan.FromSeconds(10));
        });
        Assert.Equal(TypeHold.None, queue.HoldAt(At(5).Elapsed));

        queue.Insert(Item(queue, TaskPriority.High, 1));
        Take(queue, at: 5);
        Assert.Equal(TypeHold.Rate, queue.HoldAt(At(5).Elapsed));
        queue.Counts[TaskState.Processing] = 1;
        Assert.Equal(TypeHold.Concurrency, queue.HoldAt(At(5).Elapsed));
        queue.Counts[TaskState.Processing] = 0;
        Assert.Equal(TypeHold.Rate, queue.HoldAt(At(15).Elapsed - TimeSpan.FromTicks(1)));
        Assert.Equal(TypeHold.None, queue.HoldAt(At(15).Elapsed));
    }

    [Fact]
    public void Insert_AnyPriority_GoesToItsLevel()
    {
        TypeQueue queue = Queue();
        foreach (TaskPriority priority in Enum.GetValues<TaskPriority>())
        {
            QueuedItem item = Item(queue, priority, 1 + (int)priority);
            queue.Insert(item);
            Assert.Equal((1, 1 + (int)priority), (queue[priority].Ready, queue.Ready));
            Assert.Same(item, queue[priority].NextByTurn()!.Head());
        }
    }

    [Fact]
    public void Remove_Any_LeavesItsLevel()
    {
        TypeQueue queue = Queue();
        QueuedItem low = Item(queue, TaskPriority.Low, 1);
        QueuedItem high = Item(queue, TaskPriority.High, 2);
        queue.Insert(low);
        queue.Insert(high);
        queue.Remove(low);

        Assert.Equal((0, 1, 1), (queue[TaskPriority.Low].Ready, queue[TaskPriority.High].Ready, queue.Ready));
    }

    [Fact]
    public void Take_Any_LeavesItsLevelAndStampsTheStart()
    {
        TypeQueue queue = Queue(type => type.Rate = new TaskRate(2, TimeSpan.FromSeconds(10)));
        for (int sequence = 1; sequence <= 3; sequence++)
        {
            queue.Insert(Item(queue, TaskPriority.High, sequence));
        }

        Assert.Equal(1, Take(queue, at: 5));
        Assert.Equal(TimeSpan.Zero, queue.UntilRateAllows(At(5).Elapsed));
        Assert.Equal(2, Take(queue, at: 6));
        Assert.Equal(TimeSpan.FromSeconds(9), queue.UntilRateAllows(At(6).Elapsed));
        Assert.Equal((1, 1), (queue.Ready, queue[TaskPriority.High].Ready));
    }

    [Fact]
    public void UntilRateAllows_NoRate_IsAlwaysNow()
    {
        TypeQueue queue = Queue();
        queue.Insert(Item(queue, TaskPriority.High, 1));
        Take(queue, at: 5);

        Assert.Equal(TimeSpan.Zero, queue.UntilRateAllows(At(5).Elapsed));
    }

    [Fact]
    public void Counts_EveryState_IsCountedApart()
    {
        TypeQueue queue = Queue();
        foreach (TaskState state in TaskStates.All)
        {
            queue.Counts[state] += 10 + (int)state;
        }

        Assert.Equal(TaskStates.All.Select(state => 10L + (int)state), TaskStates.All.Select(state => queue.Counts[state]));
    }

    private static TypeQueue Queue(Action<TaskTypeOptions>? configure = null) =>
        new(Type(configure), [.. Enumerable.Range(0, 4).Select(_ => new FairnessRotation())]);

    private static QueuedItem Item(TypeQueue queue, TaskPriority priority, long sequence) =>
        new(Task(new() { Priority = priority }, queue.Type, sequence), queue);

    private static long Take(TypeQueue queue, double at) =>
        queue.Take(TaskPriority.High, queue[TaskPriority.High].NextByTurn()!, At(at).Elapsed).Sequence;
}
