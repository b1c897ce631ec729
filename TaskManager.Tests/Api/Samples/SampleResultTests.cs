using System.Globalization;
using System.Text.Json;
using TaskManager.Api.Samples;

namespace TaskManager.Tests.Api.Samples;

/// <summary>What the samples return, how long they take, and how far they say that they are.</summary>
[Trait("Proof", "http")]
public sealed class SampleResultTests
{
    [Theory]
    [InlineData("compute_sum", """{"numbers":[1,2,3.5],"processing_time":0}""", """{"sum":6.5}""")]
    [InlineData("compute_sum", """{"numbers":[-1],"processing_time":0.25}""", """{"sum":-1}""")]
    [InlineData("data_processing", """{"processing_time":0}""", """{"records_processed":1000}""")]
    [InlineData("data_processing", """{"record_count":0,"processing_time":0}""", """{"records_processed":0}""")]
    [InlineData("report_generation", """{"processing_time":0}""", """{"report_type":"summary","pages":2}""")]
    [InlineData("report_generation", """{"report_type":"detailed","processing_time":0}""", """{"report_type":"detailed","pages":40}""")]
    [InlineData("video_processing", """{"processing_time":0}""", """{"frames_processed":720,"resolution":"1080p"}""")]
    [InlineData("video_processing", """{"resolution":"4K","frames":24,"processing_time":0}""", """{"frames_processed":24,"resolution":"4K"}""")]
    [InlineData("add", """{"a":2,"b":-0.5}""", """{"sum":1.5}""")]
    [InlineData("fib", """{"n":0}""", """{"value":"0"}""")]
    [InlineData("fib", """{"n":1}""", """{"value":"1"}""")]
    [InlineData("fib", """{"n":10}""", """{"value":"55"}""")]
    [InlineData("fib", """{"n":100}""", """{"value":"354224848179261915075"}""")]
    [InlineData("long", """{"duration":0,"steps":1}""", """{"steps_completed":1,"duration":0}""")]
    [InlineData("long", """{"duration":0.25,"steps":5}""", """{"steps_completed":5,"duration":0.25}""")]
    public async Task Run_ParametersOverTheWire_CompletesWithTheResult(string taskType, string parameters, string result)
    {
        await using var host = new SampleHost();

        TaskRecord record = await host.RunAsync(taskType, parameters);

        Assert.Equal(TaskState.Completed, record.State);
        Assert.Equal(result, SampleHost.ResultOf(record));
    }

    [Theory]
    [InlineData("compute_sum", """{"numbers":[1]}""", 5)]
    [InlineData("generate_report", "{}", 10)]
    [InlineData("simulate_failure", "{}", 5)]
    [InlineData("data_processing", "{}", 10)]
    [InlineData("report_generation", "{}", 15)]
    [InlineData("video_processing", "{}", 30)]
    [InlineData("default", "{}", 5)]
    [InlineData("add", """{"a":1,"b":2}""", 0)]
    [InlineData("fib", """{"n":7}""", 0)]
    [InlineData("long", """{"duration":2.5,"steps":3}""", 2.5)]
    [InlineData("compute_sum", """{"numbers":[1],"processing_time":0.7}""", 0.7)]
    [InlineData("generate_report", """{"processing_time":1}""", 1)]
    [InlineData("simulate_failure", """{"processing_time":1}""", 1)]
    [InlineData("data_processing", """{"processing_time":1}""", 1)]
    [InlineData("report_generation", """{"processing_time":1}""", 1)]
    [InlineData("video_processing", """{"processing_time":1}""", 1)]
    [InlineData("default", """{"processing_time":1}""", 1)]
    [InlineData("add", """{"a":1,"b":2,"processing_time":1}""", 1)]
    [InlineData("fib", """{"n":7,"processing_time":1}""", 1)]
    [InlineData("add", """{"a":1,"b":2,"processing_time":3600}""", 3600)]
    public async Task Run_Time_IsSpentAndReported(string taskType, string parameters, double seconds)
    {
        await using var host = new SampleHost();

        TaskRecord record = await host.RunAsync(taskType, parameters);

        Assert.Equal(seconds, record.Ran(host.Tasks.Now).TotalSeconds);
        Assert.Equal(100, record.Progress!.Percent);
        Assert.Equal(record.Progress.Total, record.Progress.Step);
        Assert.Equal(record.Progress.Total, record.Progress.Count);
        Assert.NotEmpty(record.Progress.Message!);
    }

    [Fact]
    public async Task Run_HalfTheTimeIsOver_ReportsHalfTheSteps()
    {
        await using var host = new SampleHost();
        TaskHandle task = await host.SubmitAsync("long", """{"duration":10,"steps":20}""");

        TaskRecord record = await host.AdvanceUntilAsync(task, record => record.Ran(host.Tasks.Now) >= TimeSpan.FromSeconds(5) && record.Progress?.Step >= 10);

        Assert.Equal(TimeSpan.FromSeconds(5), record.Ran(host.Tasks.Now));
        Assert.Equal(new TaskProgress(10, 20, "working"), record.Progress! with { Count = 0 });
        Assert.Equal(50, record.Progress!.Percent);
    }

    [Fact]
    public async Task Long_MostSteps_ReportsEachOfThemInTime()
    {
        await using var host = new SampleHost();

        TaskRecord record = await host.RunAsync("long", """{"duration":1,"steps":100000}""");

        Assert.Equal("""{"steps_completed":100000,"duration":1}""", SampleHost.ResultOf(record));
        Assert.Equal(new TaskProgress(100_000, 100_000, "working"), record.Progress! with { Count = 0 });
        Assert.Equal(100_000, record.Progress!.Count);
        Assert.Equal(1, record.Ran(host.Tasks.Now).TotalSeconds);
    }

    [Theory]
    [InlineData("{}", "Untitled report")]
    [InlineData("""{"title":null}""", "Untitled report")]
    [InlineData("""{"title":"Sales"}""", "Sales")]
    public async Task GenerateReport_Title_StandsInTheReport(string parameters, string title)
    {
        await using var host = new SampleHost();

        TaskRecord record = await host.RunAsync("generate_report", parameters);

        JsonElement report = SampleHost.ResultElementOf(record);
        Assert.Equal($"report-{record.Id}", report.GetProperty("report_id").GetString());
        Assert.Equal(title, report.GetProperty("title").GetString());
        Assert.StartsWith(title, report.GetProperty("body").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fib_Largest_HasAllItsDigits()
    {
        await using var host = new SampleHost();

        string value = SampleHost.ResultElementOf(await host.RunAsync("fib", """{"n":10000}""")).GetProperty("value").GetString()!;

        Assert.Equal(2090, value.Length);
        Assert.StartsWith("33644764876431783266", value, StringComparison.Ordinal);
        Assert.EndsWith("66073310059947366875", value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compute_sum", """{"numbers":[1e308,1e308],"processing_time":0}""")]
    [InlineData("add", """{"a":-1e308,"b":-1e308}""")]
    public async Task Sum_TooLarge_FailsAndIsNotTriedAgain(string taskType, string parameters)
    {
        await using var host = new SampleHost();

        TaskRecord record = await host.RunAsync(taskType, parameters, new SubmitOptions { MaxAttempts = 3 });

        Assert.Equal(TaskState.Failed, record.State);
        Assert.Equal("overflow", record.Status.Error!.Code);
        Assert.Equal(1, record.Status.Attempt);
    }

    [Theory]
    [InlineData("{}", "The task failed as it was asked to.")]
    [InlineData("""{"message":"No luck."}""", "No luck.")]
    public async Task SimulateFailure_Always_FailsWithItsCode(string parameters, string message)
    {
        await using var host = new SampleHost();

        TaskRecord record = await host.RunAsync("simulate_failure", parameters);

        Assert.Equal(TaskState.Failed, record.State);
        Assert.Equal(new TaskError("simulated_failure", message, typeof(TaskAttemptException).FullName), record.Status.Error);
    }

    [Fact]
    public async Task SimulateFailure_SeveralAttempts_FailsInAll()
    {
        await using var host = new SampleHost();

        TaskRecord record = await host.RunAsync("simulate_failure", """{"processing_time":0}""", new SubmitOptions { MaxAttempts = 3 });

        Assert.Equal(TaskState.Failed, record.State);
        Assert.Equal(3, record.Status.Failures);
        Assert.All(record.Attempts(), attempt => Assert.Equal("simulated_failure", attempt.Error!.Code));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"anything":[1,{"goes":null}],"processing_time":0.5}""")]
    [InlineData("""{"Processing_Time":-1}""")]
    [InlineData("[1,2,3]")]
    [InlineData("[{\"processing_time\":-1}]")]
    [InlineData("\"text\"")]
    [InlineData("42")]
    [InlineData("true")]
    [InlineData("null")]
    public async Task Default_AnyJson_Completes(string parameters)
    {
        await using var host = new SampleHost();

        TaskRecord record = await host.RunAsync("default", parameters);

        Assert.Equal("""{"message":"The task is done."}""", SampleHost.ResultOf(record));
    }

    [Fact]
    public async Task Submit_InProcess_GivesTheResultItself()
    {
        await using var host = new SampleHost();

        TaskHandle<SumResult> sum = await host.Tasks.SubmitAsync(new ComputeSum([1, 2], 0));
        TaskHandle<FibonacciResult> number = await host.Tasks.SubmitAsync(new Fibonacci(20));
        TaskHandle<DefaultTaskResult> anything = await host.Tasks.SubmitAsync(new DefaultTask(JsonSerializer.SerializeToElement(new { processing_time = 0 })));

        Assert.Equal(new SumResult(3), await sum.WaitAsync().Patiently());
        Assert.Equal(6765.ToString(CultureInfo.InvariantCulture), (await number.WaitAsync().Patiently()).Value);
        Assert.Equal(new DefaultTaskResult("The task is done."), await anything.WaitAsync().Patiently());
    }
}
