using System.Diagnostics;
using TaskManager.Admission;

namespace TaskManager;

/// <summary>An exact sliding window per client: no span of one window ever admits more than the limit.</summary>
/// <remarks>
/// <para>
/// A request a whole window after an admitted one takes its place; one moment earlier it is refused. Refused requests count for
/// nothing, so asking again does not lengthen the wait. Time is the clock's timestamps: setting the wall clock changes nothing.
/// </para>
/// <para>
/// Memory is bounded, and the bound never hands back a fresh budget: a client is forgotten only once all its admissions have left
/// the window. While as many clients as may be remembered have one inside it, all newcomers spend one shared budget. Whoever it
/// admits is remembered besides (at most as many as the limit), so that the admission still counts once the client gets a budget of its own.
/// </para>
/// <para>Safe for several threads. A decision takes amortised constant time; a refusal allocates nothing.</para>
/// </remarks>
public sealed class SlidingWindowLimiter
{
    private readonly int _limit;
    private readonly int _maxClients;
    private readonly TimeProvider _clock;
    private readonly long _frequency;
    private readonly long _window; // in timestamps

    private readonly Lock _gate = new();
    private readonly Dictionary<RateLimitClient, ClientWindow> _windows = []; // of owners and guests; guarded by _gate
    private readonly AdmissionOrder _owners = new(); // clients with a budget of their own; guarded by _gate
    private readonly AdmissionOrder _guests = new(); // clients that the shared budget admitted; guarded by _gate
    private readonly ClientWindow _shared = new(default); // the budget of all newcomers at the bound; guarded by _gate
    private long _now; // guarded by _gate

    /// <summary>Makes a limiter that has seen no client yet.</summary>
    /// <param name="permitLimit">How many requests of one client pass within any one window; 1 to 1,000,000.</param>
    /// <param name="window">The length of the window; above zero, at most one day.</param>
    /// <param name="maxClients">How many clients may have a budget of their own at a time; at least 1.</param>
    /// <param name="clock">The source of time; only its timestamps are read.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number or the window is out of its range.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="clock"/> is <see langword="null"/>.</exception>
    public SlidingWindowLimiter(int permitLimit, TimeSpan window, int maxClients, TimeProvider clock)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permitLimit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(permitLimit, 1_000_000);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, TimeSpan.FromDays(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(maxClients, 1);
        ArgumentNullException.ThrowIfNull(clock);

        _limit = permitLimit;
        _maxClients = maxClients;
        _clock = clock;
        _frequency = clock.TimestampFrequency;
        _window = ConvertUp(window.Ticks, TimeSpan.TicksPerSecond, _frequency);
        _now = clock.GetTimestamp();
    }

    /// <summary>Gets how many clients are remembered with a budget of their own, those not yet forgotten included.</summary>
    /// <value>0 up to the number given at construction.</value>
    public int ClientCount
    {
        get
        {
            lock (_gate)
            {
                return _owners.Count;
            }
        }
    }

    /// <summary>Asks for one request to pass, and counts it if it does.</summary>
    /// <param name="client">Whose budget is spent.</param>
    /// <returns>Whether it passes, and what is left afterwards.</returns>
    public RateLimitDecision Acquire(RateLimitClient client) => Decide(client, admit: true);

    /// <summary>Looks at what <see cref="Acquire"/> would find, and counts nothing.</summary>
    /// <param name="client">Whose budget is looked at.</param>
    /// <returns>Whether a request would pass, and what is left now: the request is not taken off.</returns>
    public RateLimitDecision Peek(RateLimitClient client) => Decide(client, admit: false);

    private RateLimitDecision Decide(RateLimitClient client, bool admit)
    {
        long read = _clock.GetTimestamp();
        lock (_gate)
        {
            _now = Math.Max(_now, read); // threads may come in here in another order than they read the clock
            ForgetIdleLocked(_owners);
            ForgetIdleLocked(_guests);

            ClientWindow? known = _windows.GetValueOrDefault(client);
            known?.ForgetLeft(_now, _window);
            bool hasOwnBudget = known?.Order == _owners || _owners.Count < _maxClients;
            RateLimitDecision decision = hasOwnBudget ? SpendOwnLocked(client, known, admit) : SpendSharedLocked(client, known, admit);
            AssertInvariants();
            return decision;
        }
    }

    private RateLimitDecision SpendOwnLocked(RateLimitClient client, ClientWindow? known, bool admit)
    {
        bool isAllowed = known is null || known.Count < _limit;
        if (isAllowed && admit)
        {
            known = RememberLocked(client, known, _owners);
        }

        return known is null or { Count: 0 }
            ? Decision(isAllowed, used: 0, growsIn: 0)
            : Decision(isAllowed, known.Count, LeavesInLocked(known.Oldest));
    }

    private RateLimitDecision SpendSharedLocked(RateLimitClient client, ClientWindow? known, bool admit)
    {
        _shared.ForgetLeft(_now, _window);
        bool isAllowed = _shared.Count < _limit;
        if (isAllowed && admit)
        {
            _shared.Add(_now, _limit);
            known = RememberLocked(client, known, _guests);
        }

        if (_shared.Count == 0)
        {
            return Decision(isAllowed, used: 0, growsIn: 0);
        }

        long growsIn = LeavesInLocked(_shared.Oldest);
        if ((known?.Count ?? 0) < _shared.Count)
        {
            // A budget of its own would free this client of what others took, and it gets one as soon as an owner is idle.
            growsIn = Math.Min(growsIn, LeavesInLocked(_owners.First!.Latest));
        }

        return Decision(isAllowed, _shared.Count, growsIn);
    }

    private ClientWindow RememberLocked(RateLimitClient client, ClientWindow? known, AdmissionOrder order)
    {
        if (known is null)
        {
            known = new(client);
            _windows.Add(client, known);
        }

        known.Add(_now, _limit);
        order.MoveToEnd(known);
        return known;
    }

    // Two at a time: a decision adds at most one, so memory follows the traffic down without one decision paying for all.
    private void ForgetIdleLocked(AdmissionOrder order)
    {
        for (int i = 0; i < 2 && order.First is { } first && LeavesInLocked(first.Latest) <= 0; i++)
        {
            order.Remove(first);
            _windows.Remove(first.Client);
        }
    }

    private long LeavesInLocked(long admitted) => _window - (_now - admitted);

    private RateLimitDecision Decision(bool isAllowed, int used, long growsIn)
    {
        // Rounded up, as the window is: whoever waits as told is never a moment early.
        TimeSpan resetAfter = TimeSpan.FromTicks(ConvertUp(growsIn, _frequency, TimeSpan.TicksPerSecond));
        return new(isAllowed, _limit, _limit - used, isAllowed ? TimeSpan.Zero : resetAfter, resetAfter);
    }

    // Int128, since a day in nanoseconds times the ticks of a second does not fit a long.
    private static long ConvertUp(long duration, long unitsPerSecond, long newUnitsPerSecond) =>
        checked((long)((((Int128)duration * newUnitsPerSecond) + unitsPerSecond - 1) / unitsPerSecond));

    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_gate.IsHeldByCurrentThread, "Invariants hold only inside the gate.");
        Debug.Assert(_owners.Count <= _maxClients, "More clients own a budget than may be remembered.");
        Debug.Assert(_guests.Count <= _limit, "More guests are remembered than the shared budget admits.");
        Debug.Assert(_owners.Count + _guests.Count == _windows.Count, "Every remembered client is an owner or a guest.");
        Debug.Assert(_shared.Count <= _limit, "The shared budget admitted more than the limit.");
    }
}
