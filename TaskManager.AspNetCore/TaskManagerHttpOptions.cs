using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TaskManager.AspNetCore.Endpoints;

namespace TaskManager.AspNetCore;

/// <summary>What the HTTP surface may be told. Checked when it is mapped: a wrong value stops the host with a message that names the key, the value and what is allowed.</summary>
public sealed class TaskManagerHttpOptions
{
    /// <summary>The configuration key that the host binds to <see cref="AllowedOrigins"/>.</summary>
    internal const string AllowedOriginsKey = "Cors:AllowedOrigins";

    /// <summary>Gets the limit of requests per client address, on every task and task-type endpoint wherever it is mapped.</summary>
    public RateLimitOptions RateLimit { get; } = new();

    /// <summary>Gets the origins, such as <c>https://example.org</c>, whose pages may change tasks besides the service's own. The default is none.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Gets or sets what all mappings of the application share; made by the first.</summary>
    internal HttpSurface? Surface { get; set; }

    /// <summary>Applies what was said by <c>Configure&lt;RateLimitOptions&gt;</c>, on top of what was said here: nobody would look for a limit that it does not reach.</summary>
    internal TaskManagerHttpOptions WithLimit(IServiceProvider services)
    {
        foreach (IConfigureOptions<RateLimitOptions> configure in services.GetServices<IConfigureOptions<RateLimitOptions>>())
        {
            configure.Configure(RateLimit);
        }

        foreach (IPostConfigureOptions<RateLimitOptions> configure in services.GetServices<IPostConfigureOptions<RateLimitOptions>>())
        {
            configure.PostConfigure(Options.DefaultName, RateLimit);
        }

        return this;
    }

    internal TaskManagerHttpOptions Validated()
    {
        RateLimit.Validated();
        string[] failures = [.. AllowedOrigins.Where(origin => !IsOrigin(origin)).Select(origin => $"{AllowedOriginsKey} holds \"{origin}\"; it must be an origin such as https://example.org.")];
        return failures.Length == 0 ? this : throw new OptionsValidationException(AllowedOriginsKey, typeof(TaskManagerHttpOptions), failures);
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.GetLeftPart(UriPartial.Authority).Equals(text.TrimEnd('/'), StringComparison.OrdinalIgnoreCase);
}
