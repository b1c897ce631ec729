using System.ComponentModel;
using BenchmarkDotNet.Attributes;
using TaskManager.Storage;

namespace TaskManager.Benchmarks.Micro;

/// <summary>Makes an id.</summary>
[MemoryDiagnoser]
[Description("make an id (bare limit: `Guid.NewGuid`)")]
public class IdBenchmarks
{
    private readonly SequencedIds _ids = new();
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private long _sequence;

    [Benchmark(Baseline = true)]
    public Guid Limit() => Guid.NewGuid();

    [Benchmark]
    public Guid TaskManager() => _ids.Next(++_sequence, _now);
}
