using Microsoft.Extensions.Options;
using TaskManager.Types;

namespace TaskManager.Admission;

/// <summary>Holds the options against the ranges that <see cref="TaskManagerOptions"/> documents.</summary>
internal sealed class TaskManagerOptionsValidator : IValidateOptions<TaskManagerOptions>
{
    private const int Mebibyte = 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, TaskManagerOptions options)
    {
        var ranges = new OptionRanges(TaskManagerOptions.SectionName);
        ranges.Check(nameof(options.MaxConcurrency), options.MaxConcurrency, 0, 1_000);
        ranges.Check(nameof(options.QueueCapacity), options.QueueCapacity, 1, 100_000_000);
        ranges.Check(nameof(options.Retention), options.Retention, TimeSpan.Zero, TimeSpan.FromDays(10_000));
        ranges.Check(nameof(options.MaxRetained), options.MaxRetained, 0, 100_000_000);
        ranges.CheckTimeout(nameof(options.DefaultTimeout), options.DefaultTimeout);
        ranges.Check(nameof(options.AbandonAfter), options.AbandonAfter, TimeSpan.Zero, TimeSpan.FromDays(1));
        ranges.Check(nameof(options.MaxAbandoned), options.MaxAbandoned, 1, 10_000);
        ranges.Check(nameof(options.MaxSuspended), options.MaxSuspended, 0, 1_000_000);
        ranges.Check(nameof(options.DrainTimeout), options.DrainTimeout, TimeSpan.Zero, TimeSpan.FromHours(1));
        ranges.Check(nameof(options.MaxParametersBytes), options.MaxParametersBytes, 2, 100 * Mebibyte);
        ranges.Check(nameof(options.MaxResultBytes), options.MaxResultBytes, 2, 100 * Mebibyte);
        ranges.Check(nameof(options.MaxStoredBytes), options.MaxStoredBytes, Mebibyte, (long)Mebibyte * Mebibyte);
        ranges.Check(nameof(options.MaxIdempotencyKeys), options.MaxIdempotencyKeys, 1, 100_000_000);
        ranges.Check(nameof(options.MaxLogEntries), options.MaxLogEntries, 0, 1_000_000);
        ranges.Check(nameof(options.MaxEvents), options.MaxEvents, 1, 10_000_000);
        ranges.Check(nameof(options.MaxSubscribers), options.MaxSubscribers, 1, 1_000_000);
        ranges.Check(nameof(options.MaxWaiters), options.MaxWaiters, 1, 10_000_000);
        ranges.Check(nameof(options.LeaseDuration), options.LeaseDuration, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        ranges.Check(nameof(options.MaxRescues), options.MaxRescues, 0, 1_000);
        ranges.Check(nameof(options.MaxWorkers), options.MaxWorkers, 1, 1_000_000);
        ranges.Check(nameof(options.MaxTaskTypes), options.MaxTaskTypes, 1, 100_000);
        ranges.Check(nameof(options.MaxAttempts), options.MaxAttempts, 1, 1_000);
        ranges.Check(nameof(options.RetryDelay), options.RetryDelay, TimeSpan.Zero, OptionRanges.LongestTimeout);
        return ranges.Failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(ranges.Failures);
    }
}
