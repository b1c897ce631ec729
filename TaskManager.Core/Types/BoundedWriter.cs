using System.Buffers;

namespace TaskManager.Types;

/// <summary>A growing buffer that refuses to grow beyond a bound, so that a huge value costs no more memory than is allowed.</summary>
internal sealed class BoundedWriter(int maxBytes) : IBufferWriter<byte>
{
    private const int FirstBytes = 256;
    private const int LeastGrowth = 4096; // a writer asks for so much room at least, however little it needs

    private readonly ArrayBufferWriter<byte> _inner = new(FirstBytes);
    private int _maxBytes = maxBytes;

    public ReadOnlyMemory<byte> Written => _inner.WrittenMemory;

    public int Capacity => _inner.Capacity;

    /// <summary>Begins anew, with another bound.</summary>
    public void Begin(int maxBytes)
    {
        _maxBytes = maxBytes;
        _inner.ResetWrittenCount();
    }

    public void Advance(int count)
    {
        if (_inner.WrittenCount + count > _maxBytes)
        {
            throw new ValueTooLargeException();
        }

        _inner.Advance(count);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        ThrowIfBeyond(sizeHint);
        return _inner.GetMemory(sizeHint);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        ThrowIfBeyond(sizeHint);
        return _inner.GetSpan(sizeHint);
    }

    // A writer asks for room in advance, up to three bytes for each that it needs; only a wish that cannot but end beyond the bound is refused here.
    private void ThrowIfBeyond(int sizeHint)
    {
        if (sizeHint > LeastGrowth && _inner.WrittenCount + (sizeHint / 3L) > _maxBytes)
        {
            throw new ValueTooLargeException();
        }
    }
}

/// <summary>A value does not fit its bound. Caught where it is written; never leaves the library.</summary>
internal sealed class ValueTooLargeException : Exception;
