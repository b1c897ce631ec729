using System.Diagnostics;

namespace TaskManager.Admission;

/// <summary>The timestamps of one client's admitted requests that are still inside the window, oldest first.</summary>
/// <remarks>Not safe for several threads: its owner's gate guards it.</remarks>
internal sealed class ClientWindow(RateLimitClient client)
{
    private const int SmallRing = 16; // not worth giving back

    private long[] _ring = [];
    private int _first;

    public RateLimitClient Client { get; } = client;

    /// <summary>Gets how many admissions are inside the window, as of the last <see cref="ForgetLeft"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the oldest admission; there must be one.</summary>
    public long Oldest => _ring[_first];

    /// <summary>Gets the latest admission, also after it left the window; 0 before the first.</summary>
    public long Latest { get; private set; }

    // The place in the order this window belongs to, which alone sets it.
    public AdmissionOrder? Order { get; set; }

    public ClientWindow? Previous { get; set; }

    public ClientWindow? Next { get; set; }

    /// <summary>Remembers an admission, which must not be older than those before.</summary>
    public void Add(long now, int limit)
    {
        Debug.Assert(Count < limit, "More would be admitted than is allowed.");
        Debug.Assert(Count == 0 || now >= Latest, "Admissions are remembered in order.");
        if (Count == _ring.Length)
        {
            Resize(Math.Min(limit, Math.Max(4, 2 * Count)));
        }

        _ring[Wrap(_first + Count)] = now;
        Count++;
        Latest = now;
    }

    /// <summary>Forgets the admissions that lie a whole window or more before now.</summary>
    public void ForgetLeft(long now, long window)
    {
        if (now - Latest >= window)
        {
            Count = 0; // all at once: there may be a million
        }

        while (Count > 0 && now - _ring[_first] >= window)
        {
            _first = Wrap(_first + 1);
            Count--;
        }

        if (_ring.Length > SmallRing && Count <= _ring.Length / 4)
        {
            Resize(_ring.Length / 2); // one burst must not keep its memory for as long as the client stays
        }
    }

    private int Wrap(int index) => index < _ring.Length ? index : index - _ring.Length;

    private void Resize(int length)
    {
        long[] ring = new long[length];
        int untilEnd = Math.Min(Count, _ring.Length - _first);
        Array.Copy(_ring, _first, ring, 0, untilEnd);
        Array.Copy(_ring, 0, ring, untilEnd, Count - untilEnd);
        _ring = ring;
        _first = 0;
    }
}
