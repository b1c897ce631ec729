namespace TaskManager.Tests.Api.Samples;

/// <summary>Every sample that behaves honours pause and cancel.</summary>
[Trait("Proof", "http")]
public sealed class SampleControlTests
{
    private const double Seconds = 20;

    public static TheoryData<string, string> Everything => new()
    {
        { "compute_sum", """{"numbers":[1],"processing_time":20}""" },
        { "generate_report", """{"processing_time":20}""" },
        { "simulate_failure", """{"processing_time":20}""" },
        { "data_processing", """{"processing_time":20}""" },
        { "report_generation", """{"processing_time":20}""" },
        { "video_processing", """{"processing_time":20}""" },
        { "default", """{"processing_time":20}""" },
        { "add", """{"a":1,"b":2,"processing_time":20}""" },
        { "fib", """{"n":7,"processing_time":20}""" },
        { "long", """{"duration":20,"steps":1}""" },
        { "misbehave", """{"how":"throw","seconds":20}""" },
        { "misbehave", """{"how":"big_result","seconds":20}""" },
        { "misbehave", """{"how":"cyclic_result","seconds":20}""" },
        { "misbehave", """{"how":"flaky","seconds":20,"failures":0}""" },
        { "misbehave", """{"how":"throw_in_cancel","seconds":20}""" },
    };

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task Cancel_WhileItRuns_StopsItAtOnce(string taskType, string parameters)
    {
        await using var host = new SampleHost(misbehaving: true);
        TaskHandle task = await host.BeginAsync(taskType, parameters);

        Assert.True((await task.CancelAsync()).IsAccepted);

        TaskRecord record = await SampleHost.WhenEndedAsync(task); // the clock stands still: nothing but the token can end it
        Assert.Equal(TaskState.Cancelled, record.State);
        Assert.Null(record.Status.Error);
        Assert.Equal(0, host.Pool.Status.Abandoned);
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task Pause_WhileItRuns_HoldsItUntilItIsResumed(string taskType, string parameters)
    {
        await using var host = new SampleHost(misbehaving: true);
        TaskHandle task = await host.BeginAsync(taskType, parameters);
        await host.AdvanceUntilAsync(task, record => record.Ran(host.Tasks.Now) >= TimeSpan.FromSeconds(Seconds / 2));

        Assert.True((await task.PauseAsync()).IsAccepted);
        TaskRecord paused = await host.AdvanceUntilAsync(task, record => record.State == TaskState.Paused);
        host.Clock.Advance(TimeSpan.FromHours(1));
        TaskRecord still = (await task.GetAsync())!.Value;
        Assert.True((await task.ResumeAsync()).IsAccepted);
        TaskRecord ended = await host.AdvanceToEndAsync(task);

        Assert.InRange(paused.Ran(host.Tasks.Now).TotalSeconds, Seconds / 2, (Seconds / 2) + SampleHost.StepSeconds);
        Assert.Equal((TaskState.Paused, paused.Progress), (still.State, still.Progress));
        Assert.True(ended.State is TaskState.Completed or TaskState.Failed);
        Assert.Equal((1, Seconds), (ended.Status.Attempt, ended.Ran(host.Tasks.Now).TotalSeconds));
    }
}
