namespace TaskManager;

/// <summary>Everything that is wrong with one request, by the path of the field; at most 100 fields are named, each with at most 10 messages.</summary>
public sealed class ValidationFaults
{
    private const int MaxFields = 100;
    private const int MaxMessagesOfField = 10;

    private Dictionary<string, List<string>>? _messages; // most requests are right

    /// <summary>Initializes a new instance of the <see cref="ValidationFaults"/> class, with nothing wrong yet.</summary>
    public ValidationFaults()
    {
    }

    /// <summary>Initializes a new instance of the <see cref="ValidationFaults"/> class that goes on where another one was read.</summary>
    internal ValidationFaults(IReadOnlyDictionary<string, IReadOnlyList<string>>? known)
    {
        _messages = known?.ToDictionary(pair => pair.Key, List<string> (pair) => [.. pair.Value], StringComparer.Ordinal);
    }

    /// <summary>Gets a value indicating whether nothing is wrong.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Gets a value indicating whether as many fields are named as may be: looking for further ones is in vain.</summary>
    internal bool IsFull => Count >= MaxFields;

    /// <summary>Tells whether a field is named: what it was read as says nothing then, and is not looked at.</summary>
    internal bool Names(string path) => _messages?.ContainsKey(path) == true;

    /// <summary>Gets how many fields are named.</summary>
    internal int Count => _messages?.Count ?? 0;

    /// <summary>Gets how often a fault was noted, those included that found no room.</summary>
    internal int Noted { get; private set; }

    /// <summary>Notes a fault.</summary>
    /// <param name="path">The path of the field as it is called on the wire, such as <c>parameters.numbers[2]</c>.</param>
    /// <param name="message">What it must be and what it is, as the rest of a sentence that begins with the path.</param>
    public void Add(string path, string message)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(message);
        Noted++;
        _messages ??= new(StringComparer.Ordinal);
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

    /// <summary>Notes the faults of a part.</summary>
    /// <param name="prefix">What stands before the path of each, such as <c>[3].</c>.</param>
    /// <param name="errors">The faults of the part.</param>
    public void AddAll(string prefix, IReadOnlyDictionary<string, IReadOnlyList<string>> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        foreach ((string path, IReadOnlyList<string> messages) in errors)
        {
            foreach (string message in messages)
            {
                Add(prefix + path, message);
            }
        }
    }

    /// <summary>Gets the faults.</summary>
    /// <returns>A new dictionary from paths to messages.</returns>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ByField() =>
        (_messages ?? []).ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)pair.Value, StringComparer.Ordinal);

    /// <summary>Makes a value fit to be shown in a message: short, and without control characters.</summary>
    /// <param name="value">What somebody sent.</param>
    /// <param name="maxLength">The longest text, in characters, from 1 to 2,000.</param>
    /// <returns>The value, cut and cleaned where it must be.</returns>
    public static string Show(string value, int maxLength = 100)
    {
        ArgumentNullException.ThrowIfNull(value);
        string cleaned = TaskError.Clean(value);
        return cleaned.Length <= maxLength ? cleaned : string.Concat(cleaned.AsSpan(0, maxLength - 1), "…");
    }
}
