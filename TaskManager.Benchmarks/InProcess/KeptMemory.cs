using TaskManager.Benchmarks.Contenders;
using TaskManager.Benchmarks.Report;

namespace TaskManager.Benchmarks.InProcess;

/// <summary>What an ended task takes while it is kept, with a small value asked and a small value returned.</summary>
internal static class KeptMemory
{
    private const int Rounds = 3;
    private const int Before = 100_000; // by then everything of a fixed size, such as the ring of events, is there
    private const int Tasks = 400_000;

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        IReadOnlyList<double>[] rounds = await Interleaved.RunAsync(Rounds, MeasureAsync, MeasureBareAsync);
        double bytes = new Series(rounds[0]).Median;
        double bare = new Series(rounds[1]).Median;
        return
        [
            new Row(
                "memory kept for an ended task, small values",
                Figures.Bytes(bytes),
                Figures.Bytes(bare),
                Ratio: Figures.Times(bytes / bare),
                Goal: "≤ 500 B (hoped for: 300 B)",
                IsMet: bytes <= 500),
        ];
    }

    private static async Task<double> MeasureAsync()
    {
        await using var contender = new TaskManagerContender(100_000_000);
        await SubmitAsync(Before);
        long before = Memory.Settled();
        await SubmitAsync(Tasks);
        double bytes = (double)(Memory.Settled() - before) / Tasks;
        GC.KeepAlive(contender);
        return bytes;

        async Task SubmitAsync(int tasks)
        {
            for (int i = 0; i < tasks; i++)
            {
                await contender.Tasks.SubmitAsync(new Doubling(i));
            }

            await contender.Tasks.WhenIdleAsync();
        }
    }

    private static async Task<double> MeasureBareAsync()
    {
        await using var contender = new BareLimit(int.MaxValue);
        await contender.RunManyAsync(Before, i => new Doubling(i));
        long before = Memory.Settled();
        await contender.RunManyAsync(Tasks, i => new Doubling(i));
        double bytes = (double)(Memory.Settled() - before) / Tasks;
        GC.KeepAlive(contender);
        return bytes;
    }
}
