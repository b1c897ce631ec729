using System.Globalization;
using Microsoft.Extensions.Options;
using TaskManager.Admission;

namespace TaskManager.Tests.Core.Admission;

public sealed class TaskManagerOptionsValidatorTests
{
    private const string LongestTimeout = "24.00:00:00";

    // The option, the lowest value and one below it, the highest and one above it, as configuration would write them.
    public static TheoryData<string, string, string, string, string> Ranges { get; } = new()
    {
        { "MaxConcurrency", "0", "-1", "1000", "1001" },
        { "QueueCapacity", "1", "0", "100000000", "100000001" },
        { "Retention", "00:00:00", "-00:00:00.0000001", "10000.00:00:00", "10000.00:00:00.0000001" },
        { "MaxRetained", "0", "-1", "100000000", "100000001" },
        { "AbandonAfter", "00:00:00", "-00:00:00.0000001", "1.00:00:00", "1.00:00:00.0000001" },
        { "MaxAbandoned", "1", "0", "10000", "10001" },
        { "MaxSuspended", "0", "-1", "1000000", "1000001" },
        { "DrainTimeout", "00:00:00", "-00:00:00.0000001", "01:00:00", "01:00:00.0000001" },
        { "MaxParametersBytes", "2", "1", "104857600", "104857601" },
        { "MaxResultBytes", "2", "1", "104857600", "104857601" },
        { "MaxStoredBytes", "1048576", "1048575", "1099511627776", "1099511627777" },
        { "MaxIdempotencyKeys", "1", "0", "100000000", "100000001" },
        { "MaxLogEntries", "0", "-1", "1000000", "1000001" },
        { "MaxEvents", "1", "0", "10000000", "10000001" },
        { "MaxSubscribers", "1", "0", "1000000", "1000001" },
        { "MaxWaiters", "1", "0", "10000000", "10000001" },
        { "LeaseDuration", "00:00:01", "00:00:00.9999999", "1.00:00:00", "1.00:00:00.0000001" },
        { "MaxRescues", "0", "-1", "1000", "1001" },
        { "MaxWorkers", "1", "0", "1000000", "1000001" },
        { "MaxTaskTypes", "1", "0", "100000", "100001" },
        { "MaxAttempts", "1", "0", "1000", "1001" },
        { "RetryDelay", "00:00:00", "-00:00:00.0000001", LongestTimeout, "24.00:00:00.0000001" },
    };

    [Fact]
    public void Validate_Defaults_AreRight() => Assert.True(Validate(new TaskManagerOptions()).Succeeded);

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Validate_EdgesOfARange_AreRightAndBeyondThemIsNamed(string option, string least, string below, string most, string above)
    {
        Assert.True(Validate(With(option, least)).Succeeded);
        Assert.True(Validate(With(option, most)).Succeeded);
        foreach (string wrong in new[] { below, above })
        {
            string failure = Assert.Single(Validate(With(option, wrong)).Failures!);
            Assert.Equal($"TaskManager:{option} is {wrong}; it must be from {least} to {most}.", failure);
        }
    }

    [Theory]
    [InlineData("00:00:00.0010000", true)]
    [InlineData("00:00:00.0009999", false)]
    [InlineData("00:00:00", false)]
    [InlineData("-00:00:00.0010000", true)] // without an end
    [InlineData("-00:00:00.0020000", false)]
    [InlineData(LongestTimeout, true)]
    [InlineData("24.00:00:00.0000001", false)]
    public void Validate_DefaultTimeout_HasARangeOrNoEnd(string timeout, bool isRight)
    {
        ValidateOptionsResult result = Validate(With("DefaultTimeout", timeout));

        Assert.Equal(isRight, result.Succeeded);
        Assert.Equal(
            isRight ? [] : new[] { $"TaskManager:DefaultTimeout is {timeout}; it must be from 00:00:00.0010000 to {LongestTimeout}, or -00:00:00.0010000 for none." },
            result.Failures ?? []);
    }

    [Fact]
    public void Validate_SeveralAreWrong_NamesThemAll()
    {
        ValidateOptionsResult result = Validate(new TaskManagerOptions { MaxConcurrency = -1, MaxEvents = 0, DefaultTimeout = TimeSpan.Zero });

        Assert.Equal(["TaskManager:MaxConcurrency", "TaskManager:DefaultTimeout", "TaskManager:MaxEvents"], result.Failures!.Select(failure => failure.Split(' ')[0]));
    }

    [Fact]
    public void Ranges_EveryOptionWithAValue_HasOne() => Assert.Equal(
        typeof(TaskManagerOptions).GetProperties().Select(property => property.Name).Except(["DefaultTimeout", "JsonTypeInfoResolver"]).Order(),
        Ranges.Select(row => row.Data.Item1).Order());

    private static ValidateOptionsResult Validate(TaskManagerOptions options) => new TaskManagerOptionsValidator().Validate(name: null, options);

    private static TaskManagerOptions With(string option, string value)
    {
        var options = new TaskManagerOptions();
        System.Reflection.PropertyInfo property = typeof(TaskManagerOptions).GetProperty(option)!;
        property.SetValue(options, property.PropertyType == typeof(TimeSpan)
            ? TimeSpan.Parse(value, CultureInfo.InvariantCulture)
            : Convert.ChangeType(value, property.PropertyType, CultureInfo.InvariantCulture));
        return options;
    }
}
