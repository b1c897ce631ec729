using TaskManager.Benchmarks.Contenders;
using TaskManager.Benchmarks.Report;

namespace TaskManager.Benchmarks.InProcess;

/// <summary>Submit, run, complete: tasks that do nothing, one submitter, five workers.</summary>
internal static class Throughput
{
    private const int Rounds = 7;
    private const int Tasks = 300_000;
    private const int PeerTasks = 20_000; // of what is slower by a factor of ten, as long a round
    private const int Few = 10_000;
    private const int Many = 100_000;

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        Row lastKept = await MeasureLastKeptAsync("submit → run → complete, the last 10,000 ended kept, at most 10,000 waiting", Few);
        Row manyWaiting = await MeasureLastKeptAsync("the same, at most 100,000 waiting", Many);
        return [lastKept, manyWaiting, await MeasureAllKeptAsync(), .. await MeasurePeersAsync()];
    }

    private static async Task<Row> MeasureLastKeptAsync(string scenario, int mayWait)
    {
        (Pace mine, Pace bare) = await CompareAsync(() => NewWith(mayWait), () => New(new BareLimit(Few, mayWait)), Tasks, Tasks);
        double ratio = mine.PerSecond.RatioTo(bare.PerSecond);
        double bytes = mine.Bytes.Median;
        return new Row(
            scenario,
            Show(mine),
            Show(bare),
            Ratio: OfTheLimit(mine, bare),
            Goal: "≥ 50 % of the limit, ≤ 700 B allocated a task",
            IsMet: ratio >= 0.5 && bytes <= 700);
    }

    private static async Task<Row> MeasureAllKeptAsync()
    {
        (Pace mine, Pace bare) = await CompareAsync(() => New(new TaskManagerContender(100_000_000)), () => New(new BareLimit(int.MaxValue)), Tasks, Tasks);
        double ratio = mine.PerSecond.RatioTo(bare.PerSecond);
        return new Row("the same, all kept, at most 100,000 waiting", Show(mine), Show(bare), Ratio: OfTheLimit(mine, bare), Goal: "≥ 50 % of the limit", IsMet: ratio >= 0.5);
    }

    private static async Task<IReadOnlyList<Row>> MeasurePeersAsync()
    {
        (Pace mine, Pace quartz) = await CompareAsync(() => NewWith(Few), QuartzContender.CreateAsync, Tasks, PeerTasks);
        double toQuartz = mine.PerSecond.RatioTo(quartz.PerSecond);
        (Pace mineToo, Pace hangfire) = await CompareAsync(() => NewWith(Few), () => New(new HangfireContender()), Tasks, PeerTasks);
        double toHangfire = mineToo.PerSecond.RatioTo(hangfire.PerSecond);
        return
        [
            new Row("the last 10,000 kept, at most 10,000 waiting, beside Quartz in memory, one-off jobs", Show(mine), Peers: Show(quartz), Ratio: Figures.Times(toQuartz), Goal: "≥ × 10", IsMet: toQuartz >= 10),
            new Row("the same, beside Hangfire in memory", Show(mineToo), Peers: Show(hangfire), Ratio: Figures.Times(toHangfire), Goal: "≥ × 15", IsMet: toHangfire >= 15),
        ];
    }

    private static async Task<(Pace First, Pace Second)> CompareAsync(
        Func<Task<IContender>> first, Func<Task<IContender>> second, int tasksOfFirst, int tasksOfSecond)
    {
        for (int warmUp = 0; warmUp < 3; warmUp++)
        {
            await MeasureAsync(first, tasksOfFirst);
            await MeasureAsync(second, tasksOfSecond);
        }

        IReadOnlyList<Pass>[] rounds = await Interleaved.RunAsync(
            Rounds, () => MeasureAsync(first, tasksOfFirst), () => MeasureAsync(second, tasksOfSecond));
        return (Pace.Of(rounds[0]), Pace.Of(rounds[1]));
    }

    private static async Task<Pass> MeasureAsync(Func<Task<IContender>> create, int tasks)
    {
        await using IContender contender = await create();
        await contender.RunManyAsync(tasks / 10); // its own tables have grown, and its workers have begun
        Memory.Settled();
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long started = TimeProvider.System.GetTimestamp();
        await contender.RunManyAsync(tasks);
        double seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        processor = Environment.CpuUsage.TotalTime - processor;
        return new Pass(tasks / seconds, processor.TotalNanoseconds / tasks, (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / tasks);
    }

    private static Task<IContender> NewWith(int mayWait) => New(new TaskManagerContender(Few, options => options.QueueCapacity = mayWait));

    private static Task<IContender> New(IContender contender) => Task.FromResult(contender);

    private static string OfTheLimit(Pace mine, Pace limit) =>
        $"{Figures.Percent(mine.PerSecond.RatioTo(limit.PerSecond))} of the limit, by processor time {Figures.Percent(limit.Processor.RatioTo(mine.Processor))}";

    private static string Show(Pace pace) =>
        $"{Figures.Rate(pace.PerSecond.Median)}, {Figures.Nanoseconds(pace.Processor.Median)} of processor, {Figures.Bytes(pace.Bytes.Median)}";

    private readonly record struct Pass(double PerSecond, double Processor, double Bytes);

    private sealed record Pace(Series PerSecond, Series Processor, Series Bytes)
    {
        public static Pace Of(IReadOnlyList<Pass> rounds) => new(rounds.Of(round => round.PerSecond), rounds.Of(round => round.Processor), rounds.Of(round => round.Bytes));
    }
}
