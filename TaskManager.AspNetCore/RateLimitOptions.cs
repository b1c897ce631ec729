namespace TaskManager.AspNetCore;

/// <summary>How many requests a client address may make. IPv6 addresses count by their /64; proxies' headers count only when the application uses forwarded headers.</summary>
public sealed class RateLimitOptions
{
    /// <summary>The configuration section that the host binds to these options.</summary>
    public const string SectionName = "RateLimit";

    /// <summary>Gets or sets a value indicating whether requests are limited at all.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>Gets or sets how many requests of one client pass within any span of <see cref="Window"/>.</summary>
    /// <value>From 1 to 1,000,000. The default is 10.</value>
    public int PermitLimit { get; set; } = 10;

    /// <summary>Gets or sets the length of the sliding window.</summary>
    /// <value>From 1 second to 1 day. The default is 1 minute.</value>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how many clients have a budget of their own at a time; beyond it, newcomers share one.</summary>
    /// <value>From 1 to 10,000,000. The default is 50,000.</value>
    public int MaxClients { get; set; } = 50_000;

    internal RateLimitOptions Validated()
    {
        string[] failures =
        [
            .. Check(nameof(PermitLimit), PermitLimit, 1, 1_000_000),
            .. Check(nameof(Window), Window, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            .. Check(nameof(MaxClients), MaxClients, 1, 10_000_000),
        ];
        return failures.Length == 0 ? this : throw new Microsoft.Extensions.Options.OptionsValidationException(SectionName, typeof(RateLimitOptions), failures);
    }

    private static IEnumerable<string> Check<T>(string key, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            yield return FormattableString.Invariant($"{SectionName}:{key} is {value}; it must be from {least} to {most}.");
        }
    }
}
