using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace TaskManager.AspNetCore.Requests;

/// <summary>Where the next page of a list begins, as an opaque text. Only this process reads what it wrote: the sequences of another one mean other tasks.</summary>
internal sealed class ListCursor
{
    private const int Length = 16;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public string Write(long before)
    {
        Span<byte> cursor = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(cursor, before);
        Sign(cursor[..8], cursor[8..]);
        return Base64Url.EncodeToString(cursor);
    }

    public bool TryRead(string text, out long before)
    {
        before = 0;
        Span<byte> cursor = stackalloc byte[Length];
        if (text.Length > 2 * Length || !Base64Url.IsValid(text, out int length) || length != Length || !Base64Url.TryDecodeFromChars(text, cursor, out _))
        {
            return false;
        }

        Span<byte> signature = stackalloc byte[Length - 8];
        Sign(cursor[..8], signature);
        before = BinaryPrimitives.ReadInt64BigEndian(cursor);
        return CryptographicOperations.FixedTimeEquals(signature, cursor[8..]);
    }

    private void Sign(ReadOnlySpan<byte> value, Span<byte> signature)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, value, whole);
        whole[..signature.Length].CopyTo(signature);
    }
}
