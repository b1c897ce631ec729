using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace TaskManager.AspNetCore.Requests;

/// <summary>The <c>Idempotency-Key</c> header (draft-ietf-httpapi-idempotency-key-header): a quoted string; a bare one is accepted too.</summary>
internal static class IdempotencyKeyHeader
{
    public const string Name = "Idempotency-Key";

    private const int MaxLength = 255;

    public static string? Read(HttpContext context, ValidationFaults faults)
    {
        StringValues values = context.Request.Headers[Name];
        if (values.Count == 0)
        {
            return null;
        }

        string key = values.Count == 1 ? Unquoted(values[0]!.Trim()) : string.Empty;
        if (key.Length is > 0 and <= MaxLength && key.All(c => c is >= ' ' and <= '~'))
        {
            return key;
        }

        faults.Add(Name, $"must be one value of 1 to {MaxLength} printable ASCII characters.");
        return null;
    }

    private static string Unquoted(string value) => value is ['"', .. var inner, '"']
        ? inner.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal)
        : value;
}
