using System.Diagnostics.Metrics;

namespace TaskManager.Tests;

/// <summary>Makes meters that can be told from those of all other tests, by their scope.</summary>
internal sealed class MeterFactory : IMeterFactory
{
    private readonly Dictionary<string, Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        lock (_meters)
        {
            options.Scope = this;
            return _meters.TryGetValue(options.Name, out Meter? known) ? known : _meters[options.Name] = new Meter(options);
        }
    }

    public void Dispose()
    {
        lock (_meters)
        {
            foreach (Meter meter in _meters.Values)
            {
                meter.Dispose();
            }
        }
    }
}
