using System.Text.Json;

namespace TaskManager.AspNetCore.Requests;

/// <summary>Reads one member's value, or notes what is wrong with it.</summary>
internal delegate void MemberReader(ref Utf8JsonReader reader, string path);

/// <summary>What an object may hold: its members, and which of them it must have. A member that is not among them is a fault, and null is what a member is when it is left out.</summary>
internal sealed class ObjectReader(ValidationFaults faults)
{
    private readonly Dictionary<string, (MemberReader Read, bool IsRequired)> _members = new(StringComparer.Ordinal);

    public ObjectReader Required(string name, MemberReader read)
    {
        _members.Add(name, (read, true));
        return this;
    }

    public ObjectReader Optional(string name, MemberReader read)
    {
        _members.Add(name, (read, false));
        return this;
    }

    /// <summary>Reads a whole body.</summary>
    public void ReadBody(ReadOnlySpan<byte> body)
    {
        Utf8JsonReader reader = JsonBody.Begin(body);
        Read(ref reader, path: null);
        JsonBody.End(ref reader);
    }

    /// <summary>Reads the value that the reader stands on.</summary>
    /// <param name="reader">Stands on the first token of the value; stands on its last one afterwards.</param>
    /// <param name="path">The path of the value; <see langword="null"/> for the body itself.</param>
    public void Read(ref Utf8JsonReader reader, string? path)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            faults.Add(path ?? "body", "must be an object.");
            JsonBody.Skip(ref reader);
            return;
        }

        var seen = default(MemberNames);
        var given = new HashSet<string>(StringComparer.Ordinal);
        while (JsonBody.Read(ref reader) && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = JsonBody.Text(ref reader);
            seen.AddOnce(name);
            JsonBody.Read(ref reader);
            string memberPath = path is null ? ValidationFaults.Show(name) : $"{path}.{ValidationFaults.Show(name)}";
            if (!_members.TryGetValue(name, out (MemberReader Read, bool IsRequired) member))
            {
                faults.Add(memberPath, $"is unknown: allowed are {string.Join(", ", _members.Keys)}.");
                JsonBody.Skip(ref reader);
            }
            else if (reader.TokenType != JsonTokenType.Null)
            {
                given.Add(name);
                member.Read(ref reader, memberPath);
            }
        }

        foreach ((string name, _) in _members.Where(member => member.Value.IsRequired && !given.Contains(member.Key)))
        {
            faults.Add(path is null ? name : $"{path}.{name}", "is missing.");
        }
    }
}
