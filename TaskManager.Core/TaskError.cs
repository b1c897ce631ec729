namespace TaskManager;

/// <summary>Why a task or an attempt did not complete.</summary>
/// <param name="Code">A stable word for programs, in <c>snake_case</c>: one of <see cref="TaskErrorCodes"/>, or the handler's own.</param>
/// <param name="Message">A sentence for people, at most 2,000 characters, without control characters.</param>
/// <param name="Type">The full name of the exception's type; <see langword="null"/> when no exception was thrown.</param>
public sealed record TaskError(string Code, string Message, string? Type = null)
{
    /// <summary>The longest message kept, in characters; what is longer is cut.</summary>
    public const int MaxMessageLength = 2_000;

    /// <summary>Describes an exception that a handler threw: its type and message, never its stack.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <returns>The error with the code of a <see cref="TaskAttemptException"/>, else <see cref="TaskErrorCodes.HandlerFailed"/>.</returns>
    public static TaskError FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        string code = exception is TaskAttemptException failure ? failure.Code : TaskErrorCodes.HandlerFailed;
        return new TaskError(code, MessageOf(exception), exception.GetType().FullName);
    }

    /// <summary>Gets what an exception says; its own code may throw or have nothing to say.</summary>
    internal static string MessageOf(Exception exception)
    {
        const string Silent = "The exception does not say what went wrong.";
        try
        {
            return exception.Message is { } message ? Clean(message) : Silent;
        }
        catch (Exception)
        {
            return Silent;
        }
    }

    /// <summary>Makes a text safe to show and to log: control characters become spaces, and it is cut at <see cref="MaxMessageLength"/>.</summary>
    internal static string Clean(string text)
    {
        ReadOnlySpan<char> kept = text.AsSpan(0, Math.Min(text.Length, MaxMessageLength));
        if (kept.Length > 0 && char.IsHighSurrogate(kept[^1]) && kept.Length < text.Length)
        {
            kept = kept[..^1]; // half a character is none
        }

        int dirty = kept.IndexOfAnyInRange('\0', '\u001f');
        bool clean = dirty < 0 && kept.IndexOfAnyInRange('\u007f', '\u009f') < 0 && kept.IndexOfAny('\u2028', '\u2029') < 0;
        return clean
            ? kept.Length == text.Length ? text : kept.ToString()
            : string.Create(kept.Length, text, static (span, source) =>
            {
                for (int i = 0; i < span.Length; i++)
                {
                    char c = source[i];
                    span[i] = char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c;
                }
            });
    }
}
