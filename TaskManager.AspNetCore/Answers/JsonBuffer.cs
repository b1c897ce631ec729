using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;

namespace TaskManager.AspNetCore.Answers;

/// <summary>A buffer and the JSON writer that fills it, used again and again: an answer is complete before its first byte is sent, so that a fault can still change its status.</summary>
internal sealed class JsonBuffer
{
    private const int LargestKept = 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    // Relaxed: the answers are JSON by their type and by nosniff, never part of a page; a quotation mark shall stay readable.
    private JsonBuffer() => Writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public Utf8JsonWriter Writer { get; }

    /// <summary>Gets how many bytes there are, those included that the writer still holds.</summary>
    public int Length => _buffer.WrittenCount + Writer.BytesPending;

    public ReadOnlyMemory<byte> Written
    {
        get
        {
            Writer.Flush();
            return _buffer.WrittenMemory;
        }
    }

    /// <summary>Ends a line of NDJSON and begins the next value.</summary>
    public void EndLine()
    {
        Writer.Flush();
        _buffer.Write("\n"u8);
        Writer.Reset();
    }

    public void Clear()
    {
        _buffer.ResetWrittenCount();
        Writer.Reset();
    }

    public sealed class PoolPolicy : PooledObjectPolicy<JsonBuffer>
    {
        public override JsonBuffer Create() => new();

        public override bool Return(JsonBuffer obj)
        {
            if (obj._buffer.Capacity > LargestKept)
            {
                return false;
            }

            obj.Clear();
            return true;
        }
    }
}
