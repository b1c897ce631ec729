using System.Text;

namespace TaskManager.Execution;

/// <summary>Cuts a message to the 4 KiB of UTF-8 that are kept, at a whole character.</summary>
internal static class BoundedText
{
    private const int MaxBytes = 4096;

    public static string Of(string message)
    {
        if (message.Length * 3L <= MaxBytes || Encoding.UTF8.GetByteCount(message) <= MaxBytes)
        {
            return message;
        }

        int bytes = 0;
        int length = 0;
        foreach (Rune rune in message.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxBytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return message[..length];
    }
}
