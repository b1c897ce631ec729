using static TaskManager.Tests.Core.Definitions;

namespace TaskManager.Tests.Core.Lifecycle;

/// <summary>How many attempts may fail or time out before the task does.</summary>
[Trait("Proof", "table")]
public sealed class RetryBudgetTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(1, 0, TaskState.Failed)]
    [InlineData(2, 0, TaskState.Scheduled)]
    [InlineData(2, 1, TaskState.Failed)]
    [InlineData(3, 1, TaskState.Scheduled)]
    [InlineData(3, 2, TaskState.Failed)]
    public void Fail_UntilTheBudgetIsUsed_IsTriedAgain(int maxAttempts, int failures, TaskState expected)
    {
        LifecycleStatus next = Fail(Options(maxAttempts), Running(failures), Delay);

        Assert.Equal((expected, failures + 1), (next.State, next.Failures));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Fail_AfterARetryByHand_HasOneAttemptOnly(int retries)
    {
        LifecycleStatus next = Fail(Options(maxAttempts: 1000), Running(failures: 0) with { Retries = retries }, Delay);

        Assert.Equal((TaskState.Failed, 1), (next.State, next.Failures));
    }

    [Fact]
    public void Fail_NotRetryable_EndsTheTaskWithItsErrorAndItsAttempt()
    {
        LifecycleStatus before = Situations.Of("processing:p");
        LifecycleStatus next = Fail(Situations.Definition, before, retryDelay: null);

        Statuses.AssertEqual(
            before with
            {
                State = TaskState.Failed,
                Version = Situations.Version + 1,
                LastOutcome = AttemptOutcome.Failed,
                PauseRequested = false,
                Failures = 2,
                Payload = Situations.Error,
                FinishedUtcTicks = Situations.Now.Utc.UtcTicks,
                RanBefore = TimeSpan.FromSeconds(41),
            },
            next);
    }

    [Fact]
    public void Fail_WithoutAWord_GetsAnErrorAllTheSame()
    {
        LifecycleStatus next = TaskLifecycle.Apply(
            new TaskRecord(Options(maxAttempts: 1), Running(failures: 0)), LifecycleEvent.Fail(3, error: null, Delay, Situations.Token), Situations.Now).Next!;

        Assert.Equal(new TaskError("handler_failed", "The attempt ended without a result."), next.Error);
    }

    [Theory]
    [InlineData(true, 2, TaskState.Scheduled, AttemptOutcome.None)]
    [InlineData(true, 1, TaskState.TimedOut, AttemptOutcome.TimedOut)]
    [InlineData(false, 2, TaskState.TimedOut, AttemptOutcome.TimedOut)]
    public void Fail_AfterTheTimeout_IsTriedAgainOnlyIfTheTypeSaysSo(bool retryOnTimeout, int maxAttempts, TaskState expected, AttemptOutcome outcome)
    {
        TaskDefinition definition = Task(
            new() { MaxAttempts = maxAttempts, Timeout = TimeSpan.FromMilliseconds(1500) }, Type(type => type.RetryOnTimeout = retryOnTimeout));
        LifecycleStatus next = Fail(definition, Running(failures: 0) with { TimeoutFired = true }, Delay);

        Assert.Equal((expected, outcome, 1), (next.State, next.LastOutcome, next.Failures));
        TaskAttempt last = new TaskRecord(definition, next).Attempts()[^1];
        Assert.Equal((AttemptOutcome.TimedOut, new TaskError("timed_out", "The attempt did not finish within 1.5 s.")), (last.Outcome, last.Error));
        Assert.Equal(expected == TaskState.TimedOut, next.TimeoutFired); // an attempt to come has its time before it
    }

    [Fact]
    public void Fail_AfterTheTimeoutNotRetryable_TimesOut() =>
        Assert.Equal(
            TaskState.TimedOut,
            Fail(Task(new() { MaxAttempts = 9 }, Type(type => type.RetryOnTimeout = true)), Running(0) with { TimeoutFired = true }, retryDelay: null).State);

    [Theory]
    [InlineData(0L, TaskState.Queued)]
    [InlineData(1L, TaskState.Scheduled)]
    public void Fail_TheDelay_CountsFromTheFailure(long ticks, TaskState expected)
    {
        LifecycleStatus next = Fail(Options(maxAttempts: 9), Running(failures: 0), TimeSpan.FromTicks(ticks));

        Assert.Equal((expected, Situations.Now.Elapsed.Ticks + ticks), (next.State, next.DueAt.Ticks));
    }

    [Fact]
    public void Fail_TheLongestDelays_EndBeforeTimeDoes()
    {
        TimeSpan longest = TimeSpan.MaxValue - Situations.Now.Elapsed;

        Assert.Equal(TimeSpan.MaxValue - TimeSpan.FromTicks(1), Due(longest - TimeSpan.FromTicks(1)));
        Assert.Equal(TimeSpan.MaxValue, Due(longest));
        Assert.Equal(TimeSpan.MaxValue, Due(longest + TimeSpan.FromTicks(1)));
        Assert.Equal(TimeSpan.MaxValue, Due(TimeSpan.MaxValue));

        static TimeSpan Due(TimeSpan delay) => Fail(Options(maxAttempts: 9), Running(failures: 0), delay).DueAt;
    }

    private static TaskDefinition Options(int maxAttempts) => Task(new() { MaxAttempts = maxAttempts });

    private static LifecycleStatus Running(int failures) => Situations.Of("processing") with { Failures = failures };

    private static LifecycleStatus Fail(TaskDefinition definition, LifecycleStatus status, TimeSpan? retryDelay) => TaskLifecycle.Apply(
        new TaskRecord(definition, status), LifecycleEvent.Fail(3, Situations.Error, retryDelay, Situations.Token), Situations.Now).Next!;
}
