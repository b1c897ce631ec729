using TaskManager.Api.Samples;

namespace TaskManager.Tests.Api.Samples;

/// <summary>What the lifecycle makes of handlers that misbehave.</summary>
[Trait("Proof", "http")]
public sealed class MisbehaveTests
{
    private const int FloodEvent = 100;
    private const int SideWorkFailedEvent = 17;

    private static readonly TimeSpan AbandonAfter = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Throw_Always_FailsWithTypeAndMessage()
    {
        await using var host = new SampleHost(misbehaving: true);

        TaskRecord record = await host.RunAsync("misbehave", """{"how":"throw","seconds":1}""");

        Assert.Equal(TaskState.Failed, record.State);
        Assert.Equal(
            new TaskError(TaskErrorCodes.HandlerFailed, "The task threw as it was asked to.", typeof(InvalidOperationException).FullName), record.Status.Error);
        Assert.Equal(1, record.Ran(host.Tasks.Now).TotalSeconds);
    }

    [Fact]
    public async Task IgnoreCancel_Cancelled_IsAbandonedAndItsLateEndChangesNothing()
    {
        await using var host = Lonely();
        TaskHandle task = await host.BeginAsync("misbehave", """{"how":"ignore_cancel","seconds":3600}""");

        await task.CancelAsync();
        host.Clock.Advance(AbandonAfter - TimeSpan.FromSeconds(1));
        TaskRecord asked = (await task.GetAsync())!.Value;
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        TaskRecord abandoned = await SampleHost.WhenEndedAsync(task);
        await Patience.UntilAsync(() => host.Pool.Status.Abandoned == 1);
        TaskRecord next = await host.RunAsync("add", """{"a":1,"b":2}""");
        host.Clock.Advance(TimeSpan.FromHours(1));
        await Patience.UntilAsync(() => host.Pool.Status.Abandoned == 0);

        Assert.Equal((TaskState.Processing, true), (asked.State, asked.Status.CancelRequested));
        Assert.Equal((TaskState.Cancelled, TaskErrorCodes.Abandoned), (abandoned.State, abandoned.Status.Error!.Code));
        Assert.Equal(TaskState.Completed, next.State);
        Assert.Same(abandoned.Status, (await task.GetAsync())!.Value.Status);
    }

    [Fact]
    public async Task IgnoreCancel_TimeOut_IsAbandonedToo()
    {
        await using var host = Lonely();
        TaskHandle task = await host.BeginAsync(
            "misbehave", """{"how":"ignore_cancel","seconds":3600}""", new SubmitOptions { Timeout = TimeSpan.FromSeconds(10) });

        TaskRecord record = await host.AdvanceToEndAsync(task);

        Assert.Equal((TaskState.TimedOut, TaskErrorCodes.Abandoned), (record.State, record.Status.Error!.Code));
        Assert.InRange(record.Ran(host.Tasks.Now), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("ignore_cancel")]
    [InlineData("block_thread")]
    public async Task Stubborn_LeftAlone_CompletesAfterItsTime(string how)
    {
        await using var host = new SampleHost(misbehaving: true);

        TaskRecord record = await host.RunAsync("misbehave", $$"""{"how":"{{how}}","seconds":2.5}""");

        Assert.Equal($$"""{"how":"{{how}}"}""", SampleHost.ResultOf(record));
        Assert.Equal(2.5, record.Ran(host.Tasks.Now).TotalSeconds);
        Assert.Equal(100, record.Progress!.Percent);
    }

    [Fact]
    public async Task BlockThread_OthersWait_AreNotHeldUp()
    {
        await using var host = new SampleHost(options => options.MaxConcurrency = 2, misbehaving: true);
        TaskHandle blocking = await host.BeginAsync("misbehave", """{"how":"block_thread","seconds":3600}""");

        foreach (int number in Enumerable.Range(1, 10))
        {
            TaskHandle other = await host.SubmitAsync("add", $$"""{"a":{{number}},"b":1}""");
            Assert.Equal(TaskState.Completed, (await SampleHost.WhenEndedAsync(other)).State);
        }

        Assert.Equal(TaskState.Processing, (await blocking.GetAsync())!.Value.State);
        host.Clock.Advance(TimeSpan.FromHours(1)); // gives the thread back
        await SampleHost.WhenEndedAsync(blocking);
    }

    [Fact]
    public async Task BlockThread_Cancelled_IsAbandonedAndFreesItsSlot()
    {
        await using var host = Lonely();
        TaskHandle blocking = await host.BeginAsync("misbehave", """{"how":"block_thread","seconds":3600}""");
        TaskHandle waiting = await host.SubmitAsync("add", """{"a":1,"b":2}""");

        await blocking.CancelAsync();
        host.Clock.Advance(AbandonAfter);

        Assert.Equal(TaskErrorCodes.Abandoned, (await SampleHost.WhenEndedAsync(blocking)).Status.Error!.Code);
        Assert.Equal(TaskState.Completed, (await SampleHost.WhenEndedAsync(waiting)).State);
        host.Clock.Advance(TimeSpan.FromHours(1));
        await Patience.UntilAsync(() => host.Pool.Status.Abandoned == 0);
    }

    [Theory]
    [InlineData("big_result", TaskErrorCodes.ResultTooLarge)]
    [InlineData("cyclic_result", TaskErrorCodes.ResultNotSerializable)]
    public async Task Result_OverTheWire_FailsTheTask(string how, string code)
    {
        await using var host = new SampleHost(options => options.MaxResultBytes = 1000, misbehaving: true);

        TaskRecord record = await host.RunAsync("misbehave", $$"""{"how":"{{how}}","seconds":1}""", new SubmitOptions { MaxAttempts = 3 });

        Assert.Equal((TaskState.Failed, code), (record.State, record.Status.Error!.Code));
        Assert.Equal(1, record.Status.Attempt); // another attempt would return it again
    }

    [Theory]
    [InlineData(Misbehaviour.BigResult, TaskErrorCodes.ResultTooLarge)]
    [InlineData(Misbehaviour.CyclicResult, TaskErrorCodes.ResultNotSerializable)]
    internal async Task Result_InProcess_IsKeptAlthoughItCannotBeWritten(Misbehaviour how, string code)
    {
        await using var host = new SampleHost(misbehaving: true);

        TaskHandle<object> task = await host.Tasks.SubmitAsync(new Misbehave(how, 0));

        object result = await task.WaitAsync().Patiently();
        TaskType type = host.Tasks.Types.Find("misbehave")!;
        Assert.Null(type.TrySerializeResult(result, 1024 * 1024, out TaskError? error));
        Assert.Equal(code, error!.Code);
    }

    [Fact]
    public async Task FloodProgress_ForItsTime_KeepsTheLatestReport()
    {
        await using var host = new SampleHost(misbehaving: true);
        TaskHandle task = await host.SubmitAsync("misbehave", """{"how":"flood_progress","seconds":2}""");
        await Patience.UntilAsync(async () => (await task.GetAsync())!.Value.Progress?.Count > 5000);

        host.Clock.Advance(TimeSpan.FromSeconds(2));
        TaskRecord record = await SampleHost.WhenEndedAsync(task);

        Assert.Equal("""{"how":"flood_progress"}""", SampleHost.ResultOf(record));
        Assert.InRange(record.Progress!.Count, 5001, long.MaxValue);
        Assert.Equal(record.Progress.Count, record.Progress.Step);
    }

    [Fact]
    public async Task FloodLog_ForItsTime_Completes()
    {
        await using var host = new SampleHost(misbehaving: true);
        TaskHandle task = await host.SubmitAsync("misbehave", """{"how":"flood_log","seconds":2}""");
        await Patience.UntilAsync(() => host.Log.CountOf(FloodEvent) > 5000);

        host.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("""{"how":"flood_log"}""", SampleHost.ResultOf(await SampleHost.WhenEndedAsync(task)));
    }

    [Theory]
    [InlineData("flood_progress")]
    [InlineData("flood_log")]
    public async Task Flood_PausedThenCancelled_StandsStillThenEnds(string how)
    {
        await using var host = new SampleHost(misbehaving: true);
        TaskHandle task = await host.SubmitAsync("misbehave", $$"""{"how":"{{how}}","seconds":3600}""");
        await SampleHost.WhenAsync(task, TaskState.Processing);

        await task.PauseAsync();
        TaskRecord paused = await SampleHost.WhenAsync(task, TaskState.Paused);
        await task.CancelAsync();
        TaskRecord ended = await SampleHost.WhenEndedAsync(task);

        Assert.Equal((TaskState.Paused, TaskState.Cancelled), (paused.State, ended.State));
        Assert.Null(ended.Status.Error);
    }

    [Fact]
    public async Task Flaky_EnoughAttempts_CompletesInTheLast()
    {
        await using var host = new SampleHost(misbehaving: true);

        TaskRecord record = await host.RunAsync("misbehave", """{"how":"flaky","seconds":1,"failures":2}""", new SubmitOptions { MaxAttempts = 3 });

        Assert.Equal("""{"how":"flaky"}""", SampleHost.ResultOf(record));
        Assert.Equal([AttemptOutcome.Failed, AttemptOutcome.Failed, AttemptOutcome.Completed], record.Attempts().Select(attempt => attempt.Outcome));
        Assert.Equal(["flaky", "flaky", null], record.Attempts().Select(attempt => attempt.Error?.Code));
    }

    [Fact]
    public async Task Flaky_TooFewAttempts_Fails()
    {
        await using var host = new SampleHost(misbehaving: true);

        TaskRecord record = await host.RunAsync("misbehave", """{"how":"flaky","seconds":0,"failures":2}""", new SubmitOptions { MaxAttempts = 2 });

        Assert.Equal((TaskState.Failed, "flaky", 2), (record.State, record.Status.Error!.Code, record.Status.Failures));
    }

    [Fact]
    public async Task ThrowInCancel_Cancelled_DecidesNothing()
    {
        await using var host = Lonely();
        TaskHandle task = await host.BeginAsync("misbehave", """{"how":"throw_in_cancel","seconds":20}""");

        TaskMove move = await task.CancelAsync();
        TaskRecord record = await SampleHost.WhenEndedAsync(task);
        await Patience.UntilAsync(() => host.Log.CountOf(SideWorkFailedEvent) == 1);
        TaskRecord next = await host.RunAsync("add", """{"a":1,"b":2}""");

        Assert.Equal(MoveOutcome.Applied, move.Outcome);
        Assert.Equal((TaskState.Cancelled, null), (record.State, record.Status.Error));
        Assert.Equal(TaskState.Completed, next.State);
    }

    [Fact]
    public async Task ThrowInCancel_LeftAlone_Completes()
    {
        await using var host = new SampleHost(misbehaving: true);

        TaskRecord record = await host.RunAsync("misbehave", """{"how":"throw_in_cancel","seconds":1}""");

        Assert.Equal("""{"how":"throw_in_cancel"}""", SampleHost.ResultOf(record));
    }

    /// <summary>One slot, so that nobody runs beside a handler that keeps it.</summary>
    private static SampleHost Lonely() => new(
        options =>
        {
            options.MaxConcurrency = 1;
            options.AbandonAfter = AbandonAfter;
        },
        misbehaving: true);
}
