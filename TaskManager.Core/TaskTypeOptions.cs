namespace TaskManager;

/// <summary>How the tasks of one type are treated. What is not set is taken from <see cref="TaskManagerOptions"/>.</summary>
public class TaskTypeOptions
{
    /// <summary>Gets or sets a sentence that says what such a task does, for <c>GET /task-types</c> and the OpenAPI document.</summary>
    public string? Description { get; set; }

    /// <summary>Gets or sets parameters that would be accepted, for <c>GET /task-types</c> and the OpenAPI document.</summary>
    public object? Example { get; set; }

    /// <summary>Gets or sets the longest time that one attempt may run.</summary>
    /// <value>From 1 millisecond to 24 days, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>. The default is <see cref="TaskManagerOptions.DefaultTimeout"/>.</value>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Gets or sets how many attempts may fail or time out before the task does.</summary>
    /// <value>From 1 to 1000. The default is <see cref="TaskManagerOptions.MaxAttempts"/>.</value>
    public int? MaxAttempts { get; set; }

    /// <summary>Gets or sets a value indicating whether an attempt that timed out is retried like one that failed.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool RetryOnTimeout { get; set; }

    /// <summary>Gets or sets the delay after the first failure; it doubles with each further one.</summary>
    /// <value>From zero to 24 days. The default is <see cref="TaskManagerOptions.RetryDelay"/>.</value>
    public TimeSpan? RetryDelay { get; set; }

    /// <summary>Gets or sets how many tasks of the type may run at once. Those beyond wait in the queue and hold up no other type.</summary>
    /// <value>From 1 to 1,000,000; <see langword="null"/>, the default, for as many as there are slots.</value>
    public int? MaxConcurrency { get; set; }

    /// <summary>Gets or sets how many attempts of the type may begin within a span of time. Those beyond wait in the queue and hold up no other type.</summary>
    /// <value>Up to 100,000 within 1 millisecond to 1 day; <see langword="null"/>, the default, for any number.</value>
    public TaskRate? Rate { get; set; }
}
