namespace TaskManager.Diagnostics;

/// <summary>What is measured over all tasks as they change: waits, runs and ends.</summary>
internal sealed class TaskMeasurements
{
    private const int ThroughputSeconds = 60;

    private readonly Lock _gate = new();
    private readonly DurationHistogram _waits = new(TimeSpan.FromMinutes(5), slices: 30); // guarded by _gate, as is all below
    private readonly DurationHistogram _runs = new(TimeSpan.FromMinutes(5), slices: 30);
    private readonly long[] _ends = new long[ThroughputSeconds];
    private readonly long[] _endSeconds = new long[ThroughputSeconds];
    private readonly long[] _endsByState = new long[TaskStates.Count];

    public void Record(in TaskChange change)
    {
        TimeSpan now = change.At.Elapsed;
        LifecycleStatus status = change.Record.Status;
        if (status.State == TaskState.Processing && change.From == TaskState.Queued)
        {
            lock (_gate)
            {
                _waits.Add(status.WaitedBefore, now);
            }
        }
        else if (status.State.IsFinal() && change.From?.IsFinal() != true)
        {
            lock (_gate)
            {
                RecordEndLocked(status, now);
            }
        }
    }

    public (double ThroughputPerSecond, double? SuccessRate, DurationPercentiles Wait, DurationPercentiles Run) Read(TimeSpan now)
    {
        lock (_gate)
        {
            long second = (long)now.TotalSeconds;
            long ended = 0;
            for (int i = 0; i < ThroughputSeconds; i++)
            {
                ended += second - _endSeconds[i] < ThroughputSeconds ? _ends[i] : 0;
            }

            long completed = _endsByState[(int)TaskState.Completed];
            long judged = completed + _endsByState[(int)TaskState.Failed] + _endsByState[(int)TaskState.TimedOut];
            return (
                (double)ended / ThroughputSeconds,
                judged == 0 ? null : (double)completed / judged,
                _waits.Percentiles(now),
                _runs.Percentiles(now));
        }
    }

    private void RecordEndLocked(LifecycleStatus status, TimeSpan now)
    {
        _endsByState[(int)status.State]++;
        if (status.LastOutcome != AttemptOutcome.None)
        {
            _runs.Add(status.RanBefore, now);
        }

        long second = (long)now.TotalSeconds;
        int index = (int)(second % ThroughputSeconds);
        if (_endSeconds[index] != second)
        {
            (_endSeconds[index], _ends[index]) = (second, 0);
        }

        _ends[index]++;
    }
}
