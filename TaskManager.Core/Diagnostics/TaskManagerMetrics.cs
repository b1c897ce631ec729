using System.Diagnostics.Metrics;

namespace TaskManager.Diagnostics;

/// <summary>
/// Every instrument of the library, under the meter <see cref="MeterName"/> (names and units by the conventions of OpenTelemetry). What is counted inside the store's gate is only
/// observed from here, so that no listener's code ever runs in it; durations are recorded by the stations when they are out of it.
/// </summary>
internal sealed class TaskManagerMetrics : IDisposable
{
    public const string MeterName = "TaskManager";

    private const string TypeTag = "taskmanager.task.type";
    private const string StateTag = "taskmanager.task.state";
    private const string OutcomeTag = "taskmanager.attempt.outcome";
    private const string ReasonTag = "taskmanager.refusal.reason";
    private const string BoundTag = "taskmanager.bound";

    private static readonly InstrumentAdvice<double> SecondsToHours = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
    };

    private readonly Meter _meter;
    private readonly bool _isOurs;
    private readonly Func<ValueTask<TaskStatistics>> _statistics;
    private readonly TypeTallies _tallies;
    private readonly Counter<long> _refusals;
    private readonly Histogram<double> _wait;
    private readonly Histogram<double> _run;
    private TaskStatistics? _last;

    /// <summary>Initializes a new instance of the <see cref="TaskManagerMetrics"/> class.</summary>
    /// <param name="meters">Makes the meter; without it, one is made that every listener in the process sees.</param>
    /// <param name="tallies">What is counted for each type.</param>
    /// <param name="statistics">Reads all that is not.</param>
    public TaskManagerMetrics(IMeterFactory? meters, TypeTallies tallies, Func<ValueTask<TaskStatistics>> statistics)
    {
        _isOurs = meters is null;
        _meter = meters?.Create(new MeterOptions(MeterName)) ?? new Meter(MeterName);
        _tallies = tallies;
        _statistics = statistics;
        _refusals = _meter.CreateCounter<long>("taskmanager.submission.refusals", "{submission}", "Submissions that were refused.");
        _wait = _meter.CreateHistogram("taskmanager.task.wait.duration", "s", "How long tasks stood in the queue before an attempt began.", tags: null, SecondsToHours);
        _run = _meter.CreateHistogram("taskmanager.attempt.duration", "s", "How long attempts ran, without the time that they stood paused.", tags: null, SecondsToHours);
        _meter.CreateObservableCounter("taskmanager.submissions", ObserveSubmissions, "{task}", "Tasks that were admitted.");
        _meter.CreateObservableCounter("taskmanager.tasks.ended", ObserveEnds, "{task}", "Tasks that ended.");
        _meter.CreateObservableCounter("taskmanager.tasks.removed", () => Statistics?.Counts.Removed ?? 0, "{task}", "Tasks that were removed, by retention or on request.");
        _meter.CreateObservableCounter("taskmanager.lease.expirations", () => Statistics?.LeaseExpirations ?? 0, "{lease}", "Leases of workers that ran out, or ended with a start of theirs.");
        _meter.CreateObservableCounter("taskmanager.reports.late", () => Statistics?.LateReports ?? 0, "{report}", "Reports of workers that came when the task was no longer theirs.");
        _meter.CreateObservableUpDownCounter("taskmanager.tasks", ObserveTasks, "{task}", "Tasks that are kept.");
        _meter.CreateObservableUpDownCounter("taskmanager.pool.slots", () => (long)(Statistics?.Pool.Slots ?? 0), "{slot}", "Slots of the in-process pool.");
        _meter.CreateObservableUpDownCounter("taskmanager.pool.busy", () => (long)(Statistics?.Pool.Busy ?? 0), "{slot}", "Slots that are taken.");
        _meter.CreateObservableUpDownCounter("taskmanager.bound.used", () => ObserveBounds(bound => bound.Used), "{item}", "How much is in use of what is bounded.");
        _meter.CreateObservableUpDownCounter("taskmanager.bound.max", () => ObserveBounds(bound => bound.Max), "{item}", "How much may be in use of what is bounded.");
    }

    /// <summary>Gets the figures of this moment; of the latest that are known, when the store cannot tell at once.</summary>
    private TaskStatistics? Statistics
    {
        get
        {
            ValueTask<TaskStatistics> asked = _statistics();
            if (asked.IsCompletedSuccessfully)
            {
                Volatile.Write(ref _last, asked.Result);
            }
            else
            {
                _ = RememberAsync(asked);
            }

            return Volatile.Read(ref _last);
        }
    }

    public void SubmissionRefused(string reason)
    {
        try
        {
            _refusals.Add(1, new KeyValuePair<string, object?>(ReasonTag, reason));
        }
        catch (Exception) // a listener may throw anything; the answer names tasks of the same batch that were admitted
        {
        }
    }

    public void AttemptStarted(in TaskRecord record)
    {
        if (_wait.Enabled)
        {
            Record(_wait, record.Status.WaitedBefore, [OfType(record.Definition.Type)]);
        }
    }

    /// <summary>Records an attempt that has ended.</summary>
    /// <param name="record">The task right after it.</param>
    public void AttemptEnded(in TaskRecord record)
    {
        if (_run.Enabled && record.LastOutcome().WireName() is { } outcome)
        {
            Record(_run, record.Status.RanBefore, [OfType(record.Definition.Type), new(OutcomeTag, outcome)]);
        }
    }

    public void Dispose()
    {
        if (_isOurs)
        {
            _meter.Dispose(); // the factory disposes its own
        }
    }

    private static void Record(Histogram<double> instrument, TimeSpan duration, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            instrument.Record(duration.TotalSeconds, tags);
        }
        catch (Exception) // a listener may throw anything; no attempt may depend on it
        {
        }
    }

    private IEnumerable<Measurement<long>> ObserveSubmissions() => _tallies.All.Select(tally => new Measurement<long>(tally.Submitted, OfType(tally.Type)));

    private IEnumerable<Measurement<long>> ObserveEnds() =>
        from tally in _tallies.All
        from state in TaskStates.All
        where state.IsFinal()
        select new Measurement<long>(tally.Ended(state), OfType(tally.Type), OfState(state));

    private IEnumerable<Measurement<long>> ObserveTasks() =>
        from type in Statistics?.Counts.ByType ?? new Dictionary<string, IReadOnlyDictionary<TaskState, long>>(StringComparer.Ordinal)
        from count in type.Value
        select new Measurement<long>(count.Value, new KeyValuePair<string, object?>(TypeTag, type.Key), OfState(count.Key));

    private IEnumerable<Measurement<long>> ObserveBounds(Func<BoundUsage, long> value) =>
        (Statistics?.Bounds ?? new Dictionary<string, BoundUsage>(StringComparer.Ordinal))
            .Select(bound => new Measurement<long>(value(bound.Value), new KeyValuePair<string, object?>(BoundTag, bound.Key)));

    private static KeyValuePair<string, object?> OfType(TaskType type) => new(TypeTag, type.Name);

    private static KeyValuePair<string, object?> OfState(TaskState state) => new(StateTag, state.WireName());

    private async Task RememberAsync(ValueTask<TaskStatistics> asked)
    {
        try
        {
            Volatile.Write(ref _last, await asked.ConfigureAwait(false));
        }
        catch (Exception) // a store that is away leaves the figures as they were; the sweep logs that it is
        {
        }
    }
}
