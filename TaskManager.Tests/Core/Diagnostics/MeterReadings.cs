using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace TaskManager.Tests.Core.Diagnostics;

/// <summary>One value that an instrument told.</summary>
internal sealed record MeterReading(string Instrument, double Value, IReadOnlyDictionary<string, object?> Tags)
{
    public object? this[string tag] => Tags.GetValueOrDefault(tag);
}

/// <summary>What the meter <c>TaskManager</c> of one task manager tells, as a user's own listener hears it.</summary>
internal sealed class MeterReadings : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Instrument> _instruments = new();
    private readonly ConcurrentQueue<MeterReading> _readings = new();

    /// <summary>Initializes a new instance of the <see cref="MeterReadings"/> class.</summary>
    /// <param name="scope">Who makes the meter; <see langword="null"/> for meters that nobody's factory made.</param>
    public MeterReadings(IMeterFactory? scope)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "TaskManager" && ReferenceEquals(instrument.Meter.Scope, scope))
            {
                _instruments.Enqueue(instrument);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public Instrument[] Instruments => [.. _instruments];

    /// <summary>Gets all that an instrument has told, in order.</summary>
    public MeterReading[] Of(string instrument) => [.. _readings.Where(reading => reading.Instrument == instrument)];

    /// <summary>Asks the instruments that are only observed.</summary>
    public MeterReading[] Observe(string instrument)
    {
        int before = _readings.Count;
        _listener.RecordObservableInstruments();
        return [.. _readings.Skip(before).Where(reading => reading.Instrument == instrument)];
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _readings.Enqueue(new MeterReading(instrument.Name, value, tags.ToArray().ToDictionary(StringComparer.Ordinal)));
}
