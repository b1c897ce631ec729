using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace TaskManager;

/// <summary>Whom the rate limit counts as one client: what two requests share when they spend the same budget.</summary>
/// <remarks>
/// A small value: making one, comparing two and looking one up allocate nothing. The default value is the client
/// without an address, the same as <see cref="From"/> returns for <see langword="null"/>.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RateLimitClient
{
    private readonly ulong _network;
    private readonly Kind _kind;

    private RateLimitClient(Kind kind, ulong network)
    {
        _kind = kind;
        _network = network;
    }

    private enum Kind : byte
    {
        Missing,
        IPv4,
        IPv6,
    }

    /// <summary>Takes the client from the network address that a request came from.</summary>
    /// <param name="address">
    /// The address. IPv4 counts as it is, and so does an IPv4 address mapped into IPv6 (<c>::ffff:192.0.2.1</c>). Any other
    /// IPv6 address counts by its first 64 bits, since a single host can use all the rest; its zone is ignored.
    /// <see langword="null"/>, a missing address, is a client of its own.
    /// </param>
    /// <returns>The client.</returns>
    public static RateLimitClient From(IPAddress? address)
    {
        if (address is null)
        {
            return default;
        }

        Span<byte> bytes = stackalloc byte[16];
        bool fits = address.TryWriteBytes(bytes, out int length);
        Debug.Assert(fits, "No address is longer than 16 bytes.");

        if (address.IsIPv4MappedToIPv6)
        {
            return IPv4(bytes[12..]);
        }

        return length == 4 ? IPv4(bytes) : new(Kind.IPv6, BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }

    /// <inheritdoc/>
    // Seeded per process, so that nobody can choose addresses that all land in one bucket of a table.
    public override int GetHashCode() => HashCode.Combine(_kind, _network);

    /// <summary>Shows the client as an operator would write it.</summary>
    /// <returns><c>192.0.2.1</c>, <c>2001:db8:0:1::/64</c>, or <c>unknown</c> for a missing address.</returns>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        switch (_kind)
        {
            case Kind.IPv4:
                BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)_network);
                return new IPAddress(bytes[..4]).ToString();
            case Kind.IPv6:
                BinaryPrimitives.WriteUInt64BigEndian(bytes, _network);
                return $"{new IPAddress(bytes)}/64";
            default:
                return "unknown";
        }
    }

    private static RateLimitClient IPv4(ReadOnlySpan<byte> bytes) => new(Kind.IPv4, BinaryPrimitives.ReadUInt32BigEndian(bytes));
}
