namespace TaskManager.AspNetCore;

/// <summary>What the HTTP surface may be told. Checked when it is mapped: a wrong value stops the host with a message that names the key, the value and what is allowed.</summary>
public sealed class TaskManagerHttpOptions
{
    /// <summary>Gets the limit of requests per client address, on every task and task-type endpoint wherever it is mapped.</summary>
    public RateLimitOptions RateLimit { get; } = new();

    /// <summary>Gets the origins, such as <c>https://example.org</c>, whose pages may change tasks besides the service's own. The default is none.</summary>
    public IList<string> AllowedOrigins { get; } = [];
}
