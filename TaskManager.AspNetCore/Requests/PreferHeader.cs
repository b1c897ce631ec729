using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace TaskManager.AspNetCore.Requests;

/// <summary>The preference <c>wait=N</c> (RFC 7240 §4.3). A preference that is not understood is ignored, as the RFC says.</summary>
internal static class PreferHeader
{
    public const int MaxWaitSeconds = 60;

    public static TimeSpan? ReadWait(HttpContext context)
    {
        foreach (string? header in context.Request.Headers["Prefer"])
        {
            foreach (string preference in (header ?? string.Empty).Split(',', StringSplitOptions.TrimEntries))
            {
                string[] pair = preference.Split(';')[0].Split('=', 2, StringSplitOptions.TrimEntries);
                if (pair.Length == 2
                    && pair[0].Equals("wait", StringComparison.OrdinalIgnoreCase)
                    && int.TryParse(pair[1].Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds))
                {
                    return TimeSpan.FromSeconds(Math.Min(seconds, MaxWaitSeconds));
                }
            }
        }

        return null;
    }

    public static void Applied(HttpContext context, TimeSpan wait) =>
        context.Response.Headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"wait={(int)wait.TotalSeconds}");
}
