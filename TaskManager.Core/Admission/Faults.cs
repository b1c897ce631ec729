namespace TaskManager.Admission;

/// <summary>Everything that is wrong with one request, by the path of the field; at most <see cref="MaxFields"/> fields are named.</summary>
internal sealed class Faults
{
    private const int MaxFields = 100;
    private const int MaxMessagesOfField = 10;
    private const int MaxShownValue = 100;

    private readonly Dictionary<string, List<string>> _messages = new(StringComparer.Ordinal);

    public bool IsEmpty => _messages.Count == 0;

    public void Add(string path, string message)
    {
        if (_messages.TryGetValue(path, out List<string>? ofField))
        {
            if (ofField.Count < MaxMessagesOfField && !ofField.Contains(message, StringComparer.Ordinal))
            {
                ofField.Add(message);
            }
        }
        else if (_messages.Count < MaxFields)
        {
            _messages.Add(path, [message]);
        }
    }

    public IReadOnlyDictionary<string, IReadOnlyList<string>> ByField() =>
        _messages.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)pair.Value, StringComparer.Ordinal);

    /// <summary>Shows a value in a message: short, and without anything that would break a line.</summary>
    public static string Show(string value)
    {
        string cleaned = TaskError.Clean(value);
        return cleaned.Length <= MaxShownValue ? cleaned : string.Concat(cleaned.AsSpan(0, MaxShownValue - 1), "…");
    }
}
