using System.Text.Json.Serialization.Metadata;

namespace TaskManager;

/// <summary>Every knob of the task manager. Checked once, at start: a wrong value stops the host with a message that names the key, the value and what is allowed.</summary>
public sealed class TaskManagerOptions
{
    /// <summary>The configuration section that the host binds to these options.</summary>
    public const string SectionName = "TaskManager";

    /// <summary>Gets or sets how many tasks the in-process pool runs at once.</summary>
    /// <value>From 0 to 1000; 0 runs none. The default is 5.</value>
    public int MaxConcurrency { get; set; } = 5;

    /// <summary>Gets or sets how many tasks may be unfinished, whatever their state. When it is reached, submits wait in process and are answered 503 over HTTP.</summary>
    /// <value>From 1 to 100,000,000. The default is 100,000.</value>
    public int QueueCapacity { get; set; } = 100_000;

    /// <summary>Gets or sets how long a task is kept after its end.</summary>
    /// <value>From zero to 10,000 days. The default is 10 minutes.</value>
    public TimeSpan Retention { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets or sets how many ended tasks are kept at most; the one that ended first goes first.</summary>
    /// <value>From 0 to 100,000,000. The default is 100,000.</value>
    public int MaxRetained { get; set; } = 100_000;

    /// <summary>Gets or sets the longest time that one attempt may run, where neither its type nor its submission says otherwise. Paused time does not count.</summary>
    /// <value>From 1 millisecond to 24 days, or <see cref="Timeout.InfiniteTimeSpan"/>. The default is 30 minutes.</value>
    public TimeSpan DefaultTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Gets or sets how long a handler may go on after its token fired, before its slot is given away and the task ends without it.</summary>
    /// <value>From zero to 1 day. The default is 30 seconds.</value>
    public TimeSpan AbandonAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how many abandoned handlers may still be running before no further task is claimed.</summary>
    /// <value>From 1 to 10,000. The default is 32.</value>
    public int MaxAbandoned { get; set; } = 32;

    /// <summary>Gets or sets how many attempts may stand suspended at a checkpoint; when it is reached, a checkpoint does not suspend.</summary>
    /// <value>From 0 to 1,000,000. The default is 1000.</value>
    public int MaxSuspended { get; set; } = 1_000;

    /// <summary>Gets or sets how long running attempts may go on when the process shuts down, before their tokens fire.</summary>
    /// <value>From zero to 1 hour. The default is 25 seconds.</value>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>Gets or sets the size up to which parameters are accepted over the wire, in bytes of JSON.</summary>
    /// <value>From 2 to 100 MiB. The default is 256 KiB.</value>
    public int MaxParametersBytes { get; set; } = 256 * 1024;

    /// <summary>Gets or sets the size up to which a result is kept when it must be serialised, in bytes of JSON; a larger one fails its task.</summary>
    /// <value>From 2 to 100 MiB. The default is 1 MiB.</value>
    public int MaxResultBytes { get; set; } = 1024 * 1024;

    /// <summary>Gets or sets how much all kept parameters and results that are serialised may take together, in bytes of JSON; beyond it submits are answered 503.</summary>
    /// <value>From 1 MiB to 1 TiB. The default is 1 GiB.</value>
    public long MaxStoredBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Gets or sets how many idempotency keys are remembered, each for as long as the task that answers under it; when it is reached, submits with a further key are answered 503.</summary>
    /// <value>From 1 to 100,000,000. The default is 100,000.</value>
    public int MaxIdempotencyKeys { get; set; } = 100_000;

    /// <summary>Gets or sets how many lines the log of one task keeps; the last ones.</summary>
    /// <value>From 0 to 1,000,000. The default is 1000.</value>
    public int MaxLogEntries { get; set; } = 1_000;

    /// <summary>Gets or sets how many events are kept over all tasks, for watches that begin late or resume; rounded up to a power of two, at least 1024; fewer while their texts take more than 512 bytes each.</summary>
    /// <value>From 1 to 10,000,000. The default is 100,000.</value>
    public int MaxEvents { get; set; } = 100_000;

    /// <summary>Gets or sets how many watches of events there may be at once.</summary>
    /// <value>From 1 to 1,000,000. The default is 10,000.</value>
    public int MaxSubscribers { get; set; } = 10_000;

    /// <summary>Gets or sets how many calls may wait for a change of a task at once.</summary>
    /// <value>From 1 to 10,000,000. The default is 100,000.</value>
    public int MaxWaiters { get; set; } = 100_000;

    /// <summary>Gets or sets how long a task is a worker's before it must have said, by a heartbeat, that it lives.</summary>
    /// <value>From 1 second to 1 day. The default is 30 seconds.</value>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how often a task may be given to another worker after a lease has run out, before it fails: it may be what kills them.</summary>
    /// <value>From 0 to 1000. The default is 3.</value>
    public int MaxRescues { get; set; } = 3;

    /// <summary>Gets or sets how many workers may be registered at once.</summary>
    /// <value>From 1 to 1,000,000. The default is 1000.</value>
    public int MaxWorkers { get; set; } = 1_000;

    /// <summary>Gets or sets how many task types there may be, those that workers make known included.</summary>
    /// <value>From 1 to 100,000. The default is 1000.</value>
    public int MaxTaskTypes { get; set; } = 1_000;

    /// <summary>Gets or sets how many attempts of a task may fail or time out before the task does, where neither its type nor its submission says otherwise.</summary>
    /// <value>From 1 to 1000. The default is 1: no retries.</value>
    public int MaxAttempts { get; set; } = 1;

    /// <summary>Gets or sets the delay after the first failed attempt; it doubles with each further one, up to 5 minutes, and varies by ± 20 %.</summary>
    /// <value>From zero to 24 days. The default is 1 second.</value>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gets or sets where the JSON metadata of parameters and results comes from: a source-generated <c>JsonSerializerContext</c>, for trimmed and AOT-compiled
    /// applications. The default, <see langword="null"/>, reads it by reflection.
    /// </summary>
    public IJsonTypeInfoResolver? JsonTypeInfoResolver { get; set; }
}
