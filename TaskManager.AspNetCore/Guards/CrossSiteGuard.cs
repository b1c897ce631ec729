using Microsoft.AspNetCore.Http;
using TaskManager.AspNetCore.Answers;

namespace TaskManager.AspNetCore.Guards;

/// <summary>Refuses changes that a page of another site asks for. Browsers say where a request comes from (<c>Origin</c>, <c>Sec-Fetch-Site</c>); programs say nothing, and pass.</summary>
internal sealed class CrossSiteGuard(IEnumerable<string> allowedOrigins)
{
    private readonly HashSet<string> _allowed = new(allowedOrigins.Select(origin => origin.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);

    public Problem? Check(HttpContext context)
    {
        HttpRequest request = context.Request;
        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? null : CheckOrigin(context);
    }

    /// <summary>Refuses a request of another site, whatever its method.</summary>
    public Problem? CheckOrigin(HttpContext context)
    {
        HttpRequest request = context.Request;
        string? origin = request.Headers.Origin;
        if (origin is not null)
        {
            return _allowed.Contains(origin) || IsOwn(origin, request) ? null : Problems.CrossSite(origin);
        }

        string? site = request.Headers["Sec-Fetch-Site"];
        return site is null or "same-origin" or "none" ? null : Problems.CrossSite(site);
    }

    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri)
        && uri.Scheme.Equals(request.Scheme, StringComparison.OrdinalIgnoreCase)
        && HostString.FromUriComponent(uri) is var host
        && HostOf(request) is { } own
        && host.Host.Equals(own.Host, StringComparison.OrdinalIgnoreCase)
        && (host.Port ?? DefaultPort(uri.Scheme)) == (own.Port ?? DefaultPort(request.Scheme));

    private static HostString? HostOf(HttpRequest request)
    {
        try
        {
            return request.Host;
        }
        catch (ArgumentException) // an "xn--" name that stands for none
        {
            return null;
        }
    }

    private static int DefaultPort(string scheme) => scheme.Equals("https", StringComparison.OrdinalIgnoreCase) ? 443 : 80;
}
