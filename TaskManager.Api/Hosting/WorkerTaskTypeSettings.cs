namespace TaskManager.Api.Hosting;

/// <summary>What the configuration says of one task type that workers run. What is left out is as the section <c>TaskManager</c> says.</summary>
internal sealed class WorkerTaskTypeSettings
{
    public string? Description { get; set; }

    /// <summary>Gets or sets the file with the JSON schema (draft 2020-12) that parameters must fit; a relative path is meant from where the host was started.</summary>
    public string? ParametersSchemaFile { get; set; }

    public TimeSpan? Timeout { get; set; }

    public int? MaxAttempts { get; set; }

    public bool RetryOnTimeout { get; set; }

    public TimeSpan? RetryDelay { get; set; }

    public int? MaxConcurrency { get; set; }

    /// <summary>Gets or sets how many attempts may begin within <see cref="RatePer"/>; <see langword="null"/> for any number.</summary>
    public int? RateCount { get; set; }

    public TimeSpan RatePer { get; set; } = TimeSpan.FromSeconds(1);

    public void ApplyTo(WorkerTaskTypeOptions type)
    {
        type.Description = Description;
        type.Timeout = Timeout;
        type.MaxAttempts = MaxAttempts;
        type.RetryOnTimeout = RetryOnTimeout;
        type.RetryDelay = RetryDelay;
        type.MaxConcurrency = MaxConcurrency;
        type.Rate = RateCount is { } count ? new TaskRate(count, RatePer) : null;
    }
}
