using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using TaskManager.AspNetCore.Answers;

namespace TaskManager.AspNetCore.Guards;

/// <summary>Counts each request against its client's budget, before anything of it is read.</summary>
internal sealed class RateLimitGuard
{
    private readonly SlidingWindowLimiter? _limiter;
    private readonly TimeSpan _window;
    private readonly string _policy;
    private readonly int _maxClients;
    private readonly Counter<long>? _refusals;

    public RateLimitGuard(RateLimitOptions options, TimeProvider clock, Meter? meter)
    {
        _refusals = meter?.CreateCounter<long>("taskmanager.rate_limit.refusals", "{request}", "Requests that were refused because their client had used up its budget.");
        _window = options.Window;
        _maxClients = options.MaxClients;
        _policy = string.Create(CultureInfo.InvariantCulture, $"\"default\";q={options.PermitLimit};w={Math.Ceiling(options.Window.TotalSeconds)}");
        _limiter = options.Enabled ? new SlidingWindowLimiter(options.PermitLimit, options.Window, options.MaxClients, clock) : null;
        if (_limiter is { } limiter)
        {
            meter?.CreateObservableUpDownCounter("taskmanager.rate_limit.clients", () => (long)limiter.ClientCount, "{client}", "Clients that have a budget of their own.");
        }
    }

    /// <summary>Gets how many clients have a budget of their own, and may; <see langword="null"/> when none is limited.</summary>
    public BoundUsage? Clients => _limiter is null ? null : new BoundUsage(_limiter.ClientCount, _maxClients);

    /// <summary>Counts the request and says so in the answer's headers.</summary>
    /// <returns>The refusal; <see langword="null"/> when the request passes.</returns>
    public Problem? Check(HttpContext context)
    {
        if (_limiter is null)
        {
            return null;
        }

        RateLimitDecision decision = _limiter.Acquire(ClientOf(context));
        IHeaderDictionary headers = context.Response.Headers;
        headers["RateLimit-Policy"] = _policy;
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"default\";r={decision.Remaining};t={Math.Ceiling(decision.ResetAfter.TotalSeconds)}");
        if (decision.IsAllowed)
        {
            return null;
        }

        _refusals?.Add(1);
        return Problems.RateLimited(decision, _window);
    }

    /// <summary>Makes a suggested delay so long that obeying it does not end in a refusal.</summary>
    public int NotTooSoon(HttpContext context, int seconds) =>
        _limiter is null ? seconds : Math.Max(seconds, _limiter.Peek(ClientOf(context)).RetryAfterSeconds);

    private static RateLimitClient ClientOf(HttpContext context) => RateLimitClient.From(context.Connection.RemoteIpAddress);
}
