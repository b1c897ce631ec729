using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace TaskManager.AspNetCore.Metrics;

/// <summary>Listens to the instruments of this application's task manager, and of no other in the process.</summary>
internal sealed class MetricCollector : IDisposable
{
    private readonly Lock _gate = new(); // one at a time observes
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, MetricFamily> _families = new();

    public MetricCollector(IMeterFactory factory, string meterName)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Meter.Name == meterName)
            {
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(instrument, static published => new MetricFamily(published)));
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (instrument, value, tags, state) => Take(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<double>(static (instrument, value, tags, state) => Take(instrument, value, tags, state));
        _listener.Start();
    }

    /// <summary>Observes what is only observed, and writes all of it, by name.</summary>
    public string Write()
    {
        lock (_gate)
        {
            foreach (MetricFamily family in _families.Values.Where(family => family.IsObserved))
            {
                family.Clear(); // a series that is observed no more must not stay as it was
            }

            _listener.RecordObservableInstruments();
            return PrometheusText.Write(_families.Values.OrderBy(family => family.Name, StringComparer.Ordinal));
        }
    }

    public void Dispose() => _listener.Dispose();

    private static void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        if (((MetricFamily)state!).Find(tags) is not { } series)
        {
            return;
        }

        if (instrument.IsObservable)
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }
}
