using Microsoft.AspNetCore.Http;

namespace TaskManager.AspNetCore.Requests;

/// <summary>Whether an answer has no body.</summary>
internal static class HeadRequest
{
    /// <summary>
    /// Says whether the method is <c>HEAD</c>, by the letter (RFC 9110 §9.1). Routes take a method in any letters, but to the server <c>head</c> is none of its own:
    /// it expects the body whose length the answer names.
    /// </summary>
    public static bool IsHead(this HttpRequest request) => string.Equals(request.Method, HttpMethods.Head, StringComparison.Ordinal);
}
