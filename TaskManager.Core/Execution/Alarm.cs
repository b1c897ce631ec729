namespace TaskManager.Execution;

/// <summary>One timer for every deadline of the process: it rings no later than the earliest moment it was asked for, and is asked again by whoever it wakes.</summary>
internal sealed class Alarm : IDisposable
{
    // Timers refuse more than 49.7 days, and a long wait drifts; ringing for nothing once a day costs nothing.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly Func<TimeSpan> _now;
    private readonly ITimer _timer;
    private long _at = long.MaxValue; // written under _gate, read without it

    /// <summary>Initializes a new instance of the <see cref="Alarm"/> class.</summary>
    /// <param name="now">The steady clock that moments are meant by.</param>
    /// <param name="clock">Makes the timer.</param>
    /// <param name="ring">What to do. It must not throw.</param>
    public Alarm(Func<TimeSpan> now, TimeProvider clock, Action ring)
    {
        _now = now;
        _timer = clock.CreateTimer(
            _ =>
            {
                lock (_gate)
                {
                    _at = long.MaxValue;
                }

                ring();
            },
            state: null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    public void NoLaterThan(TimeSpan moment)
    {
        if (moment.Ticks >= Volatile.Read(ref _at))
        {
            return; // the common case: some other deadline comes first
        }

        lock (_gate)
        {
            if (moment.Ticks < _at)
            {
                _at = moment.Ticks;
                SetTimerLocked(moment);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void SetTimerLocked(TimeSpan moment)
    {
        TimeSpan now = _now();
        SetTimerLocked(moment, now);
        TimeSpan set = _now();
        if (set - now >= ShortestWait)
        {
            SetTimerLocked(moment, set); // the clock went on before the timer was set, which would ring late by as much; not again and again, as some test clocks go on with each look
        }
    }

    private void SetTimerLocked(TimeSpan moment, TimeSpan now) => _timer.Change(moment > now ? Bounded(moment - now) : ShortestWait, Timeout.InfiniteTimeSpan);

    // A timer drops fractions of a millisecond: with a wait of less than one it would ring too early again and again. And some test clocks ring at once, on the
    // asking thread, when there is nothing to wait for; that one may be inside the store's gate.
    private static TimeSpan Bounded(TimeSpan wait) =>
        wait < ShortestWait ? ShortestWait
        : wait > LongestWait ? LongestWait
        : wait;
}
