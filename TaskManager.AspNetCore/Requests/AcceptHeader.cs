using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using TaskManager.AspNetCore.Answers;

namespace TaskManager.AspNetCore.Requests;

/// <summary>Chooses the form of an answer (RFC 9110 §12.5.1): the offered type with the highest quality, the first of equals.</summary>
internal static class AcceptHeader
{
    /// <exception cref="RequestRefusedException">The header admits none of them.</exception>
    public static string Choose(HttpContext context, params ReadOnlySpan<string> offered)
    {
        StringValues accept = context.Request.Headers.Accept;
        if (accept.Count == 0 || accept is ["*/*"] || accept is [Answer.JsonType])
        {
            return offered[0]; // what nearly everybody sends
        }

        if (!MediaTypeHeaderValue.TryParseList(accept, out IList<MediaTypeHeaderValue>? ranges))
        {
            return offered[0];
        }

        string? chosen = null;
        double best = 0;
        foreach (string candidate in offered)
        {
            double quality = QualityOf(candidate, ranges);
            if (quality > best)
            {
                (chosen, best) = (candidate, quality);
            }
        }

        return chosen ?? throw new RequestRefusedException(Problems.NotAcceptable(string.Join(", ", offered.ToArray())));
    }

    // The most specific range that matches decides, whatever its quality.
    private static double QualityOf(string candidate, IList<MediaTypeHeaderValue> ranges)
    {
        var type = new MediaTypeHeaderValue(candidate);
        MediaTypeHeaderValue? match = ranges
            .Where(range => range.MatchesAllTypes || (range.MatchesAllSubTypes
                ? type.Type.Equals(range.Type, StringComparison.OrdinalIgnoreCase)
                : type.MediaType.Equals(range.MediaType, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0)
            .FirstOrDefault();
        return match is null ? 0 : match.Quality ?? 1;
    }
}
