using System.Globalization;

namespace TaskManager;

/// <summary>The place of an event in the log of one process.</summary>
/// <param name="Process">Which process: a number drawn at its start, so that no place of one is taken for one of another.</param>
/// <param name="Number">The place in its log, counted from 1 over all tasks; 0 stands before the first.</param>
public readonly record struct TaskEventId(uint Process, long Number)
{
    /// <summary>Reads an id that <see cref="ToString"/> wrote.</summary>
    /// <param name="text">The text.</param>
    /// <param name="id">The id.</param>
    /// <returns><see langword="false"/> when the text is no id.</returns>
    public static bool TryParse(string? text, out TaskEventId id)
    {
        id = default;
        int dash = text?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        if (dash != 8
            || !uint.TryParse(text.AsSpan(0, dash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint process)
            || !long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            return false;
        }

        id = new TaskEventId(process, number);
        return true;
    }

    /// <summary>Writes the id as it stands on the wire.</summary>
    /// <returns>Eight hexadecimal digits, a dash, and the number.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Process:x8}-{Number}");
}
