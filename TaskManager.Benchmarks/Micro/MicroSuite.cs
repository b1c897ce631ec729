using System.ComponentModel;
using System.Reflection;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using TaskManager.Benchmarks.Report;

namespace TaskManager.Benchmarks.Micro;

/// <summary>Runs the BenchmarkDotNet classes, and makes a line of the table of each.</summary>
internal static class MicroSuite
{
    private static readonly Type[] Benchmarks = [typeof(SubmitBenchmarks), typeof(LookUpBenchmarks), typeof(IdBenchmarks), typeof(LifecycleBenchmarks)];

    public static Task<IReadOnlyList<Row>> RunAsync() => Task.Run<IReadOnlyList<Row>>(() => [.. Benchmarks.Select(Run)]);

    private static Row Run(Type benchmarks)
    {
        // In this process: a build of its own for each class would take longer than the measurement. The runner's log goes nowhere, the table says it all.
        ManualConfig config = ManualConfig.CreateEmpty()
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(5).WithIterationCount(9).WithIterationTime(TimeInterval.FromMilliseconds(150)))
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance)
            .WithOptions(ConfigOptions.DisableLogFile);
        Summary summary = BenchmarkRunner.Run(benchmarks, config);
        string scenario = benchmarks.GetCustomAttribute<DescriptionAttribute>()!.Description;
        BenchmarkReport? mine = Find(summary, "TaskManager");
        if (mine?.ResultStatistics is null)
        {
            return Row.Skipped(scenario, string.Join(' ', summary.ValidationErrors.Select(error => error.Message).DefaultIfEmpty("it gave no result")));
        }

        BenchmarkReport? limit = Find(summary, "Limit");
        BenchmarkReport? quartz = Find(summary, "Quartz");
        return new Row(
            scenario,
            Show(mine),
            limit is null ? string.Empty : Show(limit),
            quartz is null ? string.Empty : $"Quartz {Show(quartz)}",
            limit is null ? string.Empty : $"{Figures.Times(Nanoseconds(mine) / Nanoseconds(limit))} the limit");
    }

    private static BenchmarkReport? Find(Summary summary, string method) =>
        summary.Reports.FirstOrDefault(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method);

    private static double Nanoseconds(BenchmarkReport report) => report.ResultStatistics!.Median;

    private static string Show(BenchmarkReport report) =>
        $"{Figures.Nanoseconds(Nanoseconds(report))}, {Figures.Bytes(report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0)}";
}
