using TaskManager.Benchmarks.Contenders;
using TaskManager.Benchmarks.Report;

namespace TaskManager.Benchmarks.InProcess;

/// <summary>From the submission of one task to the moment at which its submitter knows the result; the next one begins after it.</summary>
internal static class Latency
{
    private const int Rounds = 5;

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        Series[] busy = await MeasureAsync(samples: 3_000, idle: TimeSpan.Zero);
        Series[] idle = await MeasureAsync(samples: 60, idle: TimeSpan.FromMilliseconds(20));
        return
        [
            RowOf("one at a time, submit → result, back to back", busy, "p50 ≤ 10 µs, p99 ≤ 100 µs", busy[0].Median <= 10_000 && busy[0].Quantile(0.99) <= 100_000),
            RowOf("the same after 20 ms of idling", idle, goal: string.Empty, isMet: null),
        ];
    }

    private static Row RowOf(string scenario, Series[] nanoseconds, string goal, bool? isMet) => new(
        scenario,
        Show(nanoseconds[0]),
        Show(nanoseconds[1]),
        $"Quartz {Show(nanoseconds[2])}; Hangfire {Show(nanoseconds[3])}",
        $"{Figures.Times(nanoseconds[0].Median / nanoseconds[1].Median)} the limit's p50",
        goal,
        isMet);

    private static string Show(Series nanoseconds) => $"p50 {Figures.Nanoseconds(nanoseconds.Median)}, p99 {Figures.Nanoseconds(nanoseconds.Quantile(0.99))}";

    /// <summary>Measures all contenders in turn.</summary>
    /// <returns>Every sample of each, in nanoseconds.</returns>
    private static async Task<Series[]> MeasureAsync(int samples, TimeSpan idle)
    {
        Func<Task<IContender>>[] contenders =
        [
            () => Task.FromResult<IContender>(new TaskManagerContender(10_000)),
            () => Task.FromResult<IContender>(new BareLimit(10_000)),
            QuartzContender.CreateAsync,
            () => Task.FromResult<IContender>(new HangfireContender()),
        ];
        Func<Task<double[]>>[] measurements = [.. contenders.Select(contender => (Func<Task<double[]>>)(() => SampleAsync(contender, samples, idle)))];
        return [.. (await Interleaved.RunAsync(Rounds, measurements)).Select(rounds => new Series([.. rounds.SelectMany(round => round)]))];
    }

    private static async Task<double[]> SampleAsync(Func<Task<IContender>> create, int samples, TimeSpan idle)
    {
        await using IContender contender = await create();
        for (int warmUp = 0; warmUp < 3_000; warmUp++)
        {
            await contender.RunOneAsync();
        }

        Memory.Settled();
        var nanoseconds = new double[samples];
        for (int i = 0; i < samples; i++)
        {
            if (idle > TimeSpan.Zero)
            {
                await Task.Delay(idle, TimeProvider.System);
            }

            long started = TimeProvider.System.GetTimestamp();
            await contender.RunOneAsync();
            nanoseconds[i] = TimeProvider.System.GetElapsedTime(started).TotalNanoseconds;
        }

        return nanoseconds;
    }
}
