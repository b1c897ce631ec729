using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Core.Types;

public sealed class TaskTypeRangeTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private static readonly Dictionary<string, Action<TaskTypeOptions>> Allowed = new(StringComparer.Ordinal)
    {
        ["nothing said"] = _ => { },
        ["the least"] = type => (type.Timeout, type.MaxAttempts, type.RetryDelay, type.MaxConcurrency, type.Rate)
            = (TimeSpan.FromMilliseconds(1), 1, TimeSpan.Zero, 1, new TaskRate(1, TimeSpan.FromMilliseconds(1))),
        ["the most"] = type => (type.Timeout, type.MaxAttempts, type.RetryDelay, type.MaxConcurrency, type.Rate)
            = (24 * Day, 1_000, 24 * Day, 1_000_000, new TaskRate(100_000, Day)),
        ["no time-out"] = type => type.Timeout = Timeout.InfiniteTimeSpan,
    };

    private static readonly Dictionary<string, Action<TaskTypeOptions>> Refused = new(StringComparer.Ordinal)
    {
        ["Timeout: none"] = type => type.Timeout = TimeSpan.Zero,
        ["Timeout: long"] = type => type.Timeout = (24 * Day) + Tick,
        ["MaxAttempts: none"] = type => type.MaxAttempts = 0,
        ["MaxAttempts: many"] = type => type.MaxAttempts = 1_001,
        ["RetryDelay: negative"] = type => type.RetryDelay = -Tick,
        ["RetryDelay: long"] = type => type.RetryDelay = (24 * Day) + Tick,
        ["MaxConcurrency: none"] = type => type.MaxConcurrency = 0,
        ["MaxConcurrency: many"] = type => type.MaxConcurrency = 1_000_001,
        ["Rate.Count: none"] = type => type.Rate = new TaskRate(0, Day),
        ["Rate.Count: many"] = type => type.Rate = new TaskRate(100_001, Day),
        ["Rate.Per: short"] = type => type.Rate = new TaskRate(1, TimeSpan.FromMilliseconds(1) - Tick),
        ["Rate.Per: long"] = type => type.Rate = new TaskRate(1, Day + Tick),
    };

    public static TheoryData<string> AllowedCases => [.. Allowed.Keys];

    public static TheoryData<string> RefusedCases => [.. Refused.Keys];

    [Theory]
    [MemberData(nameof(AllowedCases))]
    public async Task Option_WithinItsRange_IsTaken(string name)
    {
        await using var fixture = EngineFixture.Create((task, _) => Task.FromResult(task.Name), type: Allowed[name]);
        Assert.Equal("x", await (await fixture.SubmitAsync("x")).WaitAsync().Patiently());
    }

    [Theory]
    [MemberData(nameof(RefusedCases))]
    public void Option_OutOfItsRange_IsNamedAtTheStart(string name)
    {
        Exception error = Assert.ThrowsAny<Exception>(() => EngineFixture.Create((task, _) => Task.FromResult(task.Name), type: Refused[name]));
        Assert.Contains($"{name.Split(':')[0]} is ", error.Message, StringComparison.Ordinal);
    }
}
