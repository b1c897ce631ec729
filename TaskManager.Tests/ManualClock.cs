namespace TaskManager.Tests;

/// <summary>A clock that stands still until a test moves it, with a wall time and a monotonic time that move apart as on a real machine.</summary>
/// <remarks>
/// Safe for several threads. Advances that overlap add up, and a timer may then see the clock further on than its own moment.
/// A timer that is due at once fires in the next <see cref="Advance"/>, even one by zero.
/// </remarks>
public sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly SortedSet<ManualTimer> _armed = new(ManualTimer.FiringOrder); // guarded by _gate
    private DateTimeOffset _wall = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero); // guarded by _gate
    private long _timestamp = 36_000_000_007; // guarded by _gate; not zero, so that a forgotten start shows
    private long _armings; // guarded by _gate
    private long _waitsBegun; // guarded by _gate

    /// <summary>Gets how many timers will still fire. A timer that is disposed, or has fired for the last time, is not counted.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_gate)
            {
                return _armed.Count;
            }
        }
    }

    /// <summary>Gets how many delays and waits with a time-out are under way: the timers that complete a task.</summary>
    public int Waits
    {
        get
        {
            lock (_gate)
            {
                return _armed.Count(timer => timer.CompletesTask);
            }
        }
    }

    /// <summary>Gets how many timers will still fire that are none of the <see cref="Waits"/>.</summary>
    public int Callbacks
    {
        get
        {
            lock (_gate)
            {
                return _armed.Count(timer => !timer.CompletesTask);
            }
        }
    }

    /// <summary>Gets how many delays and waits with a time-out have ever begun. Unlike <see cref="Waits"/>, it does not fall when one ends.</summary>
    public long WaitsBegun
    {
        get
        {
            lock (_gate)
            {
                return _waitsBegun;
            }
        }
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _wall;
        }
    }

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _timestamp;
        }
    }

    /// <summary>Moves both times forward and fires, on this thread, each timer that comes due, the clock standing at exactly its moment.</summary>
    public void Advance(TimeSpan delta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delta, TimeSpan.Zero);
        long left = delta.Ticks;
        while (StepToNextDue(ref left) is { } timer)
        {
            timer.Fire(); // outside the lock: it may do anything with this clock
        }
    }

    /// <summary>Sets the wall clock forward or back, as an operator or a time server does. Fires nothing.</summary>
    public void JumpWall(TimeSpan delta)
    {
        lock (_gate)
        {
            _wall += delta;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ManualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? StepToNextDue(ref long left)
    {
        lock (_gate)
        {
            ManualTimer? next = _armed.Min;
            bool isDue = next is not null && next.Due - _timestamp <= left;
            long step = isDue ? next!.Due - _timestamp : left;
            _wall += TimeSpan.FromTicks(step);
            _timestamp += step;
            left -= step;
            if (!isDue)
            {
                return null;
            }

            next!.StartLocked();
            return next;
        }
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1); // as the real one
        private readonly ExecutionContext? _context = ExecutionContext.Capture();
        private long _arming; // guarded by the clock's gate, as all below
        private long _period;
        private bool _disposed;
        private int _running;
        private TaskCompletionSource? _quiet;

        public static Comparer<ManualTimer> FiringOrder { get; } =
            Comparer<ManualTimer>.Create((a, b) => (a.Due, a._arming).CompareTo((b.Due, b._arming)));

        public long Due { get; private set; }

        public bool CompletesTask => state is Task;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool fires = IsFinite(dueTime, nameof(dueTime));
            bool repeats = IsFinite(period, nameof(period)) && period >= TimeSpan.FromMilliseconds(1); // a period of zero is none
            lock (clock._gate)
            {
                if (_disposed)
                {
                    return false;
                }

                clock._armed.Remove(this);
                _period = repeats ? period.Ticks : 0;
                if (fires)
                {
                    ArmLocked(clock._timestamp + Math.Max(0, dueTime.Ticks));
                }

                return true;
            }
        }

        public void StartLocked()
        {
            clock._armed.Remove(this);
            _running++;
            if (_period > 0)
            {
                ArmLocked(Due + _period);
            }
        }

        public void Fire()
        {
            try
            {
                if (_context is null)
                {
                    callback(state);
                }
                else
                {
                    ExecutionContext.Run(_context, callback.Invoke, state); // the creator's, not that of whoever moves the clock
                }
            }
            finally
            {
                End();
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                _disposed = true;
                clock._armed.Remove(this);
            }
        }

        /// <summary>Disposes the timer; the task ends when no callback of it is running.</summary>
        public ValueTask DisposeAsync()
        {
            lock (clock._gate)
            {
                Dispose();
                if (_running == 0)
                {
                    return ValueTask.CompletedTask;
                }

                // Completed by the advancing thread, which must not run the waiter's continuation.
                _quiet ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                return new(_quiet.Task);
            }
        }

        private static bool IsFinite(TimeSpan time, string name)
        {
            long milliseconds = (long)time.TotalMilliseconds;
            ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, -1, name);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, (long)Longest.TotalMilliseconds, name);
            return milliseconds != -1;
        }

        private void ArmLocked(long due)
        {
            Due = due;
            _arming = ++clock._armings; // of several due at once, the one armed first fires first
            clock._armed.Add(this);
            clock._waitsBegun += CompletesTask ? 1 : 0;
        }

        private void End()
        {
            lock (clock._gate)
            {
                _running--;
                if (_running == 0)
                {
                    _quiet?.TrySetResult();
                }
            }
        }
    }
}
