using System.Globalization;
using System.Text.Json;
using TaskManager.AspNetCore.Answers;

namespace TaskManager.AspNetCore.Requests;

/// <summary>What every JSON body must be: valid, not too deep, without duplicate members, and of values that exist. Such faults are reported alone, since nothing behind them can be read.</summary>
internal static class JsonBody
{
    public const int MaxDepth = 32;

    /// <summary>Gets the first token of a body.</summary>
    public static Utf8JsonReader Begin(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        Read(ref reader);
        return reader;
    }

    /// <summary>Makes sure that nothing follows the value.</summary>
    public static void End(ref Utf8JsonReader reader) => Read(ref reader);

    public static bool Read(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (JsonException error)
        {
            throw Malformed(error);
        }
    }

    /// <summary>
    /// Walks over a whole value and checks what the reader alone does not: numbers too large to exist, strings with half a character, members that come twice. Calls itself no deeper than
    /// <see cref="MaxDepth"/>, which the reader holds.
    /// </summary>
    public static void Skip(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                SkipMembers(ref reader);
                break;
            case JsonTokenType.StartArray:
                while (Read(ref reader) && reader.TokenType != JsonTokenType.EndArray)
                {
                    Skip(ref reader);
                }

                break;
            case JsonTokenType.String when reader.ValueIsEscaped:
                Text(ref reader);
                break;
            case JsonTokenType.Number:
                CheckNumber(ref reader);
                break;
        }
    }

    /// <summary>Copies a value, so that the task does not keep the whole body alive, and puts it on one line, as the streams need it.</summary>
    public static byte[] CopyOnOneLine(ReadOnlySpan<byte> value)
    {
        byte[] copy = value.ToArray();

        // Inside a string a line break is escaped: these stand between the tokens, where a space means the same.
        copy.AsSpan().Replace((byte)'\n', (byte)' ');
        copy.AsSpan().Replace((byte)'\r', (byte)' ');
        return copy;
    }

    public static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException) // a lone surrogate, escaped
        {
            throw new RequestRefusedException(Problems.Malformed("A string holds half of a surrogate pair."));
        }
    }

    private static void SkipMembers(ref Utf8JsonReader reader)
    {
        var members = default(MemberNames);
        while (Read(ref reader) && reader.TokenType != JsonTokenType.EndObject)
        {
            members.AddOnce(Text(ref reader));
            Read(ref reader);
            Skip(ref reader);
        }
    }

    private static void CheckNumber(ref Utf8JsonReader reader)
    {
        if (!reader.TryGetDouble(out double value) || !double.IsFinite(value))
        {
            throw new RequestRefusedException(Problems.Malformed("A number is too large."));
        }
    }

    private static RequestRefusedException Malformed(JsonException error) => new(Problems.Malformed(string.Create(
        CultureInfo.InvariantCulture, $"At line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}: {Reason(error)}")));

    // The message ends with the position, which is given already.
    private static string Reason(JsonException error)
    {
        int end = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return ValidationFaults.Show(end < 0 ? error.Message : error.Message[..end], maxLength: 300);
    }
}
