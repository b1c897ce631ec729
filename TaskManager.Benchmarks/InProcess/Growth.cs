using TaskManager.Benchmarks.Report;

namespace TaskManager.Benchmarks.InProcess;

/// <summary>What one operation costs as the kept tasks grow in number.</summary>
internal static class Growth
{
    public static readonly string[] Operations =
        ["submit", "claim", "complete", "cancel", "list page of 50, any state", "list page, `queued`, 5 matches older than all else", "sweep, a removed task"];

    private const int Rounds = 151;
    private const int WarmUp = 20;

    private static readonly int[] Sizes = [1_000, 100_000, 1_000_000, 5_000_000];

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        var managers = new List<KeptTasks>();
        foreach (int size in Sizes)
        {
            managers.Add(await KeptTasks.FillAsync(size));
        }

        Memory.Settled();
        Func<Task<double[]>>[] measurements = [.. managers.Select(manager => (Func<Task<double[]>>)manager.MeasureAsync)];
        await Interleaved.RunAsync(WarmUp, measurements);
        IReadOnlyList<double[]>[] rounds = await Interleaved.RunAsync(Rounds, measurements);
        foreach (KeptTasks manager in managers)
        {
            await manager.DisposeAsync();
        }

        return [.. Operations.Select((operation, index) => RowOf(operation, [.. rounds.Select(size => size.Of(round => round[index]))]))];
    }

    private static Row RowOf(string operation, Series[] bySize)
    {
        double ratio = bySize[^1].Median / bySize[0].Median;
        return new Row(
            $"{operation}, with 1,000 · 100,000 · 1,000,000 · 5,000,000 kept",
            string.Join(" · ", bySize.Select(series => Figures.Nanoseconds(series.Median))),
            Ratio: $"{Figures.Times(ratio)} from 1,000 to 5,000,000",
            Goal: "flat (≤ × 2: a larger heap misses more caches)",
            IsMet: ratio <= 2);
    }
}
