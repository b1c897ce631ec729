using System.Security.Cryptography;

namespace TaskManager.Storage;

/// <summary>
/// Version-7 UUIDs (RFC 9562) with the sequence as their counter (§6.2, method 1): 48 bits of milliseconds that never go back, 42 bits of sequence, 32 random bits. Ordered like the
/// sequence, and a look-up reads the sequence out of the id in place of hashing it. Not thread-safe: the store's gate guards it.
/// </summary>
internal sealed class SequencedIds
{
    public const long SequenceMask = (1L << 42) - 1;

    private readonly byte[] _random = new byte[4096];
    private int _randomUsed = 4096;
    private long _lastMilliseconds;

    public Guid Next(long sequence, DateTimeOffset now)
    {
        _lastMilliseconds = Math.Max(_lastMilliseconds, now.ToUnixTimeMilliseconds());
        uint high = (uint)(sequence >> 30) & 0xFFF;
        uint low = (uint)sequence & 0x3FFFFFFF;
        ReadOnlySpan<byte> random = Random();
        return new Guid(
            (int)(_lastMilliseconds >> 16),
            (short)_lastMilliseconds,
            (short)(0x7000 | high),
            (byte)(0x80 | (low >> 24)),
            (byte)(low >> 16),
            (byte)(low >> 8),
            (byte)low,
            random[0],
            random[1],
            random[2],
            random[3]);
    }

    /// <summary>Reads the low 42 bits of the sequence out of an id.</summary>
    /// <returns><see langword="false"/> when the id is none of this form.</returns>
    public static bool TryReadSequence(Guid id, out long sequence)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        long high = ((long)(bytes[6] & 0x0F) << 8) | bytes[7];
        long low = ((long)(bytes[8] & 0x3F) << 24) | ((long)bytes[9] << 16) | ((long)bytes[10] << 8) | bytes[11];
        sequence = (high << 30) | low;
        return (bytes[6] & 0xF0) == 0x70 && (bytes[8] & 0xC0) == 0x80;
    }

    private ReadOnlySpan<byte> Random()
    {
        if (_randomUsed == _random.Length)
        {
            RandomNumberGenerator.Fill(_random); // a block at a time: a call for four bytes costs as much
            _randomUsed = 0;
        }

        _randomUsed += 4;
        return _random.AsSpan(_randomUsed - 4, 4);
    }
}
