using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using TaskManager.Benchmarks.Contenders;

namespace TaskManager.Benchmarks.Micro;

/// <summary>The whole way of one task, one after the other.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "The runner calls the clean-up.")]
[Description("submit → run → result, one task")]
public class SubmitBenchmarks
{
    private const int Kept = 10_000;
    private const int Tasks = 1_000;

    private readonly BareLimit _limit = new(Kept);
    private readonly TaskManagerContender _taskManager = new(Kept);
    private IContender _quartz = null!;

    [GlobalSetup]
    public async Task BeginAsync() => _quartz = await QuartzContender.CreateAsync();

    [GlobalCleanup]
    public async Task EndAsync()
    {
        await _limit.DisposeAsync();
        await _taskManager.DisposeAsync();
        await _quartz.DisposeAsync();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Tasks)]
    public Task Limit() => RunAsync(_limit);

    [Benchmark(OperationsPerInvoke = Tasks)]
    public Task TaskManager() => RunAsync(_taskManager);

    [Benchmark(OperationsPerInvoke = Tasks)]
    public Task Quartz() => RunAsync(_quartz);

    // Many an invocation: the runner blocks its thread for each, and to wake it takes longer than the task.
    private static async Task RunAsync(IContender contender)
    {
        for (int i = 0; i < Tasks; i++)
        {
            await contender.RunOneAsync();
        }
    }
}
