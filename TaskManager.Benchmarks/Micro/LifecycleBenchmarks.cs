using System.ComponentModel;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using TaskManager.Benchmarks.Contenders;

namespace TaskManager.Benchmarks.Micro;

/// <summary>The pure function alone: from queued over processing to completed.</summary>
[MemoryDiagnoser]
[Description("lifecycle: claim and complete, nothing but the function")]
public class LifecycleBenchmarks
{
    private static readonly LifecycleEvent Claim = LifecycleEvent.Claim(new TaskLease("benchmark", "benchmark-1", Guid.Empty, TimeSpan.MaxValue));
    private static readonly LifecycleEvent Complete = LifecycleEvent.Complete(1, "done");

    private TaskRecord _queued;
    private ClockReading _now;

    [GlobalSetup]
    public void Begin()
    {
        TaskManagerBuilder builder = new ServiceCollection().AddTaskManager().AddHandler("nothing", (NoWork _, TaskContext _) => "done");
        using ServiceProvider services = builder.Services.BuildServiceProvider();
        TaskType type = services.GetRequiredService<TaskTypeRegistry>().FindByParameters(typeof(NoWork));
        _now = new ClockReading(TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(1));
        var definition = new TaskDefinition(Guid.NewGuid(), 1, new TaskSubmission(type, NoWork.Instance, new SubmitOptions()), _now);
        _queued = new TaskRecord(definition, TaskLifecycle.Admit(definition, unfinishedParents: 0, failedParent: null, _now));
    }

    [Benchmark]
    public bool TaskManager()
    {
        LifecycleStatus processing = TaskLifecycle.Apply(_queued, Claim, _now).Next!;
        return TaskLifecycle.Apply(_queued with { Status = processing }, Complete, _now).Next is not null;
    }
}
