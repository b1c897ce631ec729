using TaskManager.Signals;

namespace TaskManager.Execution;

/// <summary>
/// Turns an attempt's reports into events: the first at once, then at most one every <see cref="Interval"/>, the latest. A flood of reports would otherwise push the events of all
/// other tasks out of the log.
/// </summary>
internal sealed class ProgressReports(TaskDefinition task, EventLog events)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private TaskProgress? _pending; // guarded by _gate
    private TimeSpan _nextAt = TimeSpan.MinValue;

    /// <summary>Gets when a pending report is due; <see cref="TimeSpan.MaxValue"/> when there is none.</summary>
    public TimeSpan DueAt
    {
        get
        {
            lock (_gate)
            {
                return _pending is null ? TimeSpan.MaxValue : _nextAt;
            }
        }
    }

    /// <summary>Takes a report.</summary>
    /// <returns>When it will be told; <see cref="TimeSpan.MinValue"/> when it was.</returns>
    public TimeSpan Report(TaskProgress progress, ClockReading now)
    {
        lock (_gate)
        {
            _pending = progress;
            return TellLocked(now, isLast: false) ? TimeSpan.MinValue : _nextAt;
        }
    }

    /// <summary>Tells what is pending, if it is due or the last.</summary>
    public void Tell(ClockReading now, bool isLast)
    {
        lock (_gate)
        {
            TellLocked(now, isLast);
        }
    }

    private bool TellLocked(ClockReading now, bool isLast)
    {
        if (_pending is not { } progress || (now.Elapsed < _nextAt && !isLast))
        {
            return false;
        }

        events.AppendProgress(task, progress, now.Utc);
        _nextAt = now.Elapsed + Interval;
        _pending = null;
        return true;
    }
}
