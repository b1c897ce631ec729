using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace TaskManager.Types;

/// <summary>Writes values as JSON, one after the other, each within a bound.</summary>
internal sealed class BoundedJsonWriter : IDisposable
{
    private const int LargestKept = 64 * 1024;

    private readonly BoundedWriter _bytes = new(0);
    private readonly Utf8JsonWriter _json;

    public BoundedJsonWriter() => _json = new Utf8JsonWriter(_bytes);

    /// <summary>Gets a value indicating whether it holds so little memory that it may wait for the next value.</summary>
    public bool IsSmall => _bytes.Capacity <= LargestKept;

    /// <summary>Writes a value.</summary>
    /// <exception cref="ValueTooLargeException">It has more bytes.</exception>
    public byte[] Write(object? value, JsonTypeInfo type, int maxBytes)
    {
        _bytes.Begin(maxBytes);
        _json.Reset();
        JsonSerializer.Serialize(_json, value, type);
        _json.Flush();
        return _bytes.Written.ToArray();
    }

    public void Dispose() => _json.Dispose();
}
