using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using TaskManager.Benchmarks.Contenders;

namespace TaskManager.Benchmarks.Micro;

/// <summary>Finds one of many tasks by its id, each time another one.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "The runner calls the clean-up.")]
[Description("find a task by its id, 100,000 kept")]
public class LookUpBenchmarks
{
    private const int Kept = 100_000;

    private readonly ConcurrentDictionary<Guid, Doubled> _limit = new();
    private readonly TaskManagerContender _taskManager = new(Kept);
    private Guid[] _limitIds = [];
    private Guid[] _ids = [];
    private int _next;

    [GlobalSetup]
    public async Task FillAsync()
    {
        _limitIds = [.. Enumerable.Range(0, Kept).Select(_ => Guid.NewGuid())];
        foreach (Guid id in _limitIds)
        {
            _limit[id] = new Doubled(1);
        }

        IReadOnlyList<TaskHandle<string>> handles = await _taskManager.Tasks.SubmitManyAsync(Enumerable.Repeat(NoWork.Instance, Kept));
        _ids = [.. handles.Select(handle => handle.Id)];
        await _taskManager.Tasks.WhenIdleAsync();
        Random.Shared.Shuffle(_ids); // as the others come: not by the order in which they lie in memory
    }

    [GlobalCleanup]
    public async Task EndAsync() => await _taskManager.DisposeAsync();

    [Benchmark(Baseline = true)]
    public bool Limit() => _limit.TryGetValue(_limitIds[Next()], out Doubled? found) && found.Value == 1;

    [Benchmark]
    public bool TaskManager()
    {
        ValueTask<TaskRecord?> found = _taskManager.Tasks.GetAsync(_ids[Next()]);
        return found.IsCompletedSuccessfully && found.Result is { State: TaskState.Completed };
    }

    private int Next() => _next = (_next + 1) % Kept;
}
