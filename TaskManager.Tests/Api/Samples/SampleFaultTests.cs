using System.Text.Json;
using TaskManager.Api.Samples;

namespace TaskManager.Tests.Api.Samples;

/// <summary>What the samples refuse: each wrong parameter is named, with what it must be and what it is.</summary>
[Trait("Proof", "http")]
public sealed class SampleFaultTests
{
    private const string AWay = "one of throw, ignore_cancel, block_thread, big_result, cyclic_result, flood_progress, flood_log, flaky, throw_in_cancel";

    private static readonly string[] WithTime =
        ["compute_sum", "generate_report", "simulate_failure", "data_processing", "report_generation", "video_processing", "default", "add", "fib"];

    private static readonly (string Given, string Fault)[] WrongTime =
    [
        ("-0.001", "must be from 0 to 3600, not -0.001."),
        ("3600.5", "must be from 0 to 3600, not 3600.5."),
        ("\"5\"", "must be a number, not \"5\"."),
        ("null", "must be a number, not null."),
        ("[]", "must be a number, not []."),
    ];

    public static IEnumerable<TheoryDataRow<string, string, string>> WrongTimes =>
        from taskType in WithTime
        from wrong in WrongTime
        select new TheoryDataRow<string, string, string>(
            taskType, wrong.Given, taskType == "default" ? $"must be a number from 0 to 3600, not {wrong.Given}." : wrong.Fault);

    [Theory]
    [MemberData(nameof(WrongTimes))]
    public async Task ProcessingTime_Wrong_IsTheOneFault(string taskType, string given, string fault) =>
        await AssertFaultAsync(taskType, $$"""{{{Required(taskType)}}"processing_time":{{given}}}""", "parameters.processing_time", fault);

    [Theory]
    [InlineData("compute_sum", "{}", "numbers", "is missing: it must be an array.")]
    [InlineData("compute_sum", """{"numbers":[]}""", "numbers", "must have at least 1 item, not 0.")]
    [InlineData("compute_sum", """{"numbers":null}""", "numbers", "must be an array, not null.")]
    [InlineData("compute_sum", """{"numbers":7}""", "numbers", "must be an array, not 7.")]
    [InlineData("compute_sum", """{"numbers":[1,"2"]}""", "numbers[1]", "must be a number, not \"2\".")]
    [InlineData("compute_sum", """{"numbers":[1],"wait":1}""", "wait", "is unknown: allowed are numbers, processing_time.")]
    [InlineData("generate_report", """{"title":7}""", "title", "must be a string, not 7.")]
    [InlineData("simulate_failure", """{"message":true}""", "message", "must be a string, not true.")]
    [InlineData("data_processing", """{"record_count":-1}""", "record_count", "must be from 0 to 1000000000, not -1.")]
    [InlineData("data_processing", """{"record_count":1000000001}""", "record_count", "must be from 0 to 1000000000, not 1000000001.")]
    [InlineData("data_processing", """{"record_count":1.5}""", "record_count", "must be a whole number from -2147483648 to 2147483647, not 1.5.")]
    [InlineData("report_generation", """{"report_type":""}""", "report_type", "must have 1 to 100 characters, not 0.")]
    [InlineData("report_generation", """{"report_type":null}""", "report_type", "must be a string, not null.")]
    [InlineData("video_processing", """{"resolution":""}""", "resolution", "must have 1 to 50 characters, not 0.")]
    [InlineData("video_processing", """{"resolution":1080}""", "resolution", "must be a string, not 1080.")]
    [InlineData("video_processing", """{"frames":-1}""", "frames", "must be from 0 to 1000000000, not -1.")]
    [InlineData("video_processing", """{"frames":"24"}""", "frames", "must be a whole number from -2147483648 to 2147483647, not \"24\".")]
    [InlineData("add", """{"a":1}""", "b", "is missing: it must be a number.")]
    [InlineData("add", """{"b":1}""", "a", "is missing: it must be a number.")]
    [InlineData("add", """{"a":1,"b":"2"}""", "b", "must be a number, not \"2\".")]
    [InlineData("fib", "{}", "n", "is missing: it must be a whole number from -2147483648 to 2147483647.")]
    [InlineData("fib", """{"n":-1}""", "n", "must be from 0 to 10000, not -1.")]
    [InlineData("fib", """{"n":10001}""", "n", "must be from 0 to 10000, not 10001.")]
    [InlineData("fib", """{"n":2.5}""", "n", "must be a whole number from -2147483648 to 2147483647, not 2.5.")]
    [InlineData("long", """{"steps":1}""", "duration", "is missing: it must be a number.")]
    [InlineData("long", """{"duration":1}""", "steps", "is missing: it must be a whole number from -2147483648 to 2147483647.")]
    [InlineData("long", """{"duration":-1,"steps":1}""", "duration", "must be from 0 to 3600, not -1.")]
    [InlineData("long", """{"duration":3601,"steps":1}""", "duration", "must be from 0 to 3600, not 3601.")]
    [InlineData("long", """{"duration":1,"steps":0}""", "steps", "must be from 1 to 100000, not 0.")]
    [InlineData("long", """{"duration":1,"steps":100001}""", "steps", "must be from 1 to 100000, not 100001.")]
    [InlineData("long", """{"duration":1,"steps":1,"processing_time":1}""", "processing_time", "is unknown: allowed are duration, steps.")]
    [InlineData("misbehave", "{}", "how", $"is missing: it must be {AWay}.")]
    [InlineData("misbehave", """{"how":"nicely"}""", "how", $"must be {AWay}, not \"nicely\".")]
    [InlineData("misbehave", """{"how":0}""", "how", $"must be {AWay}, not 0.")]
    [InlineData("misbehave", """{"how":"ignore_cancel,throw_in_cancel"}""", "how", $"must be {AWay}, not 9.")]
    [InlineData("misbehave", """{"how":"throw","seconds":-1}""", "seconds", "must be from 0 to 3600, not -1.")]
    [InlineData("misbehave", """{"how":"throw","seconds":3601}""", "seconds", "must be from 0 to 3600, not 3601.")]
    [InlineData("misbehave", """{"how":"flaky","failures":-1}""", "failures", "must be from 0 to 1000, not -1.")]
    [InlineData("misbehave", """{"how":"flaky","failures":1001}""", "failures", "must be from 0 to 1000, not 1001.")]
    public async Task Parameter_Wrong_IsTheOneFault(string taskType, string parameters, string member, string fault) =>
        await AssertFaultAsync(taskType, parameters, $"parameters.{member}", fault);

    [Theory]
    [InlineData("generate_report", "title", 200)]
    [InlineData("simulate_failure", "message", 1000)]
    [InlineData("report_generation", "report_type", 100)]
    [InlineData("video_processing", "resolution", 50)]
    public async Task Text_TooLong_IsTheOneFault(string taskType, string member, int most)
    {
        await using var host = new SampleHost();
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal) { [member] = new('x', most) };

        Assert.IsType<SubmitResult.Accepted>(await host.SendAsync(taskType, JsonSerializer.Serialize(parameters)));

        parameters[member] += "x";
        var refused = Assert.IsType<SubmitResult.Invalid>(await host.SendAsync(taskType, JsonSerializer.Serialize(parameters)));
        Assert.EndsWith($" to {most} characters, not {most + 1}.", Assert.Single(refused.Errors[$"parameters.{member}"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compute_sum")]
    [InlineData("add")]
    [InlineData("fib")]
    [InlineData("long")]
    public async Task Parameters_Missing_AreAllNamed(string taskType)
    {
        await using var host = new SampleHost();

        var refused = Assert.IsType<SubmitResult.Invalid>(await host.SendAsync(taskType, "{}"));

        string[] expected = taskType switch
        {
            "compute_sum" => ["parameters.numbers"],
            "add" => ["parameters.a", "parameters.b"],
            "fib" => ["parameters.n"],
            _ => ["parameters.duration", "parameters.steps"],
        };
        Assert.Equal(expected, refused.Errors.Keys);
    }

    [Fact]
    public async Task Submit_InProcess_IsCheckedByTheSameRules()
    {
        await using var host = new SampleHost();

        TaskValidationException sum = await Assert.ThrowsAsync<TaskValidationException>(() => host.Tasks.SubmitAsync(new ComputeSum([], double.NaN)).AsTask());
        TaskValidationException anything = await Assert.ThrowsAsync<TaskValidationException>(
            () => host.Tasks.SubmitAsync(new DefaultTask(JsonSerializer.SerializeToElement(new { processing_time = -1 }))).AsTask());

        Assert.Equal(["parameters.numbers", "parameters.processing_time"], sum.Errors.Keys);
        Assert.Equal(["parameters.processing_time"], anything.Errors.Keys);
    }

    private static string Required(string taskType) => taskType switch
    {
        "compute_sum" => "\"numbers\":[1],",
        "add" => "\"a\":1,\"b\":2,",
        "fib" => "\"n\":1,",
        _ => string.Empty,
    };

    private static async Task AssertFaultAsync(string taskType, string parameters, string path, string fault)
    {
        await using var host = new SampleHost(misbehaving: true);

        var refused = Assert.IsType<SubmitResult.Invalid>(await host.SendAsync(taskType, parameters));

        KeyValuePair<string, IReadOnlyList<string>> only = Assert.Single(refused.Errors);
        Assert.Equal((path, fault), (only.Key, Assert.Single(only.Value)));
    }
}
