using System.Reflection;
using System.Text.Json;

namespace TaskManager.Tests.Core.Engine;

/// <summary>Whatever an option bounds is shown in the statistics, with how full it is.</summary>
public sealed class BoundsTests
{
    /// <summary>What bounds one task or one attempt, and can not be full over all of them; the slots stand in the pool's own figures.</summary>
    private static readonly string[] OfOneTask =
    [
        nameof(TaskManagerOptions.MaxConcurrency), nameof(TaskManagerOptions.MaxParametersBytes), nameof(TaskManagerOptions.MaxResultBytes),
        nameof(TaskManagerOptions.MaxLogEntries), nameof(TaskManagerOptions.MaxRescues), nameof(TaskManagerOptions.MaxAttempts),
    ];

    [Fact]
    public async Task Statistics_EveryBoundOfTheOptions_IsShown()
    {
        var options = new TaskManagerOptions { MaxEvents = 4096 };
        await using EngineFixture fixture = EngineFixture.Create((_, _) => Task.FromResult("done"), configured => configured.MaxEvents = options.MaxEvents);

        IReadOnlyDictionary<string, BoundUsage> bounds = (await fixture.Tasks.GetStatisticsAsync()).Bounds;

        PropertyInfo[] bounding = [.. typeof(TaskManagerOptions).GetProperties().Where(option => option.Name.StartsWith("Max", StringComparison.Ordinal) && !OfOneTask.Contains(option.Name))];
        Assert.Equal(
            bounding.Select(option => (Name: NameOf(option), Max: Convert.ToInt64(option.GetValue(options), null))).Append(("queue", options.QueueCapacity)).Append(("event_bytes", 4096 * 512)).Order(),
            bounds.Select(bound => (bound.Key, bound.Value.Max)).Order());
    }

    [Fact]
    public async Task Statistics_Events_AreCountedWithTheirTexts()
    {
        await using EngineFixture fixture = EngineFixture.Create((_, context) =>
        {
            context.ReportProgress(1, 2, "half way");
            return Task.FromResult("done");
        });
        await (await fixture.SubmitAsync()).WaitAsync().Patiently();

        IReadOnlyDictionary<string, BoundUsage> bounds = (await fixture.Tasks.GetStatisticsAsync()).Bounds;

        Assert.Equal((4, 2 * "half way".Length), (bounds["events"].Used, bounds["event_bytes"].Used));
    }

    private static string NameOf(PropertyInfo option) => JsonNamingPolicy.SnakeCaseLower.ConvertName(option.Name["Max".Length..]);
}
