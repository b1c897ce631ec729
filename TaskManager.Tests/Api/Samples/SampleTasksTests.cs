using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TaskManager.Api.Samples;

namespace TaskManager.Tests.Api.Samples;

[Trait("Proof", "http")]
public sealed class SampleTasksTests
{
    private static readonly string[] WellBehaved =
        ["add", "compute_sum", "data_processing", "default", "fib", "generate_report", "long", "report_generation", "simulate_failure", "video_processing"];

    public static TheoryData<string> Everything => [.. WellBehaved, "misbehave"];

    [Fact]
    public void AddSampleTasks_NothingConfigured_AddsThoseThatBehave() => Assert.Equal(WellBehaved, NamesWith());

    [Fact]
    public void AddSampleTasks_Misbehaving_AddsTheOtherOneToo() =>
        Assert.Equal([.. WellBehaved.Append("misbehave").Order(StringComparer.Ordinal)], NamesWith(("SampleTasks:Misbehaving", "true")));

    [Fact]
    public void AddSampleTasks_Disabled_AddsNone() =>
        Assert.Empty(NamesWith(("SampleTasks:Enabled", "false"), ("SampleTasks:Misbehaving", "true")));

    [Theory]
    [InlineData("SampleTasks:Enabled", "perhaps")]
    [InlineData("SampleTasks:Misbehaving", "1")]
    public void AddSampleTasks_NeitherTrueNorFalse_NamesTheKeyAndTheValue(string key, string value)
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => NamesWith((key, value)));

        Assert.Contains(key, error.Message);
        Assert.Contains(value, error.Message);
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task AddSampleTasks_EveryType_IsDescribedWithAnExampleThatIsAccepted(string name)
    {
        await using var host = new SampleHost(misbehaving: true);
        TaskType type = host.Tasks.Types.Find(name)!;

        Assert.NotEmpty(type.Description!);
        Assert.IsType<SubmitResult.Accepted>(await host.SendAsync(name, type.Example!.ToJsonString()));
        Assert.True(type.ParametersSchema.GetValueKind() is JsonValueKind.Object or JsonValueKind.True);
        Assert.True(type.ResultSchema.GetValueKind() is JsonValueKind.Object or JsonValueKind.True);
    }

    [Theory]
    [InlineData("compute_sum", "processing_time", 0, 3600)]
    [InlineData("generate_report", "processing_time", 0, 3600)]
    [InlineData("simulate_failure", "processing_time", 0, 3600)]
    [InlineData("data_processing", "processing_time", 0, 3600)]
    [InlineData("report_generation", "processing_time", 0, 3600)]
    [InlineData("video_processing", "processing_time", 0, 3600)]
    [InlineData("add", "processing_time", 0, 3600)]
    [InlineData("fib", "processing_time", 0, 3600)]
    [InlineData("fib", "n", 0, 10_000)]
    [InlineData("long", "duration", 0, 3600)]
    [InlineData("long", "steps", 1, 100_000)]
    [InlineData("misbehave", "seconds", 0, 3600)]
    public async Task AddSampleTasks_Numbers_HaveTheirRangesInTheSchema(string name, string member, double least, double most)
    {
        await using var host = new SampleHost(misbehaving: true);

        JsonNode schema = host.Tasks.Types.Find(name)!.ParametersSchema["properties"]![member]!;

        Assert.Equal(least, (double)schema["minimum"]!);
        Assert.Equal(most, (double)schema["maximum"]!);
    }

    private static IEnumerable<string> NamesWith(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddTaskManager().AddSampleTasks(SampleHost.Configuration(settings));
        using ServiceProvider provider = services.BuildServiceProvider();
        return [.. provider.GetRequiredService<TaskTypeRegistry>().All.Select(type => type.Name)];
    }
}
