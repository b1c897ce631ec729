using TaskManager.Benchmarks.Contenders;
using TaskManager.Benchmarks.Report;

namespace TaskManager.Benchmarks.InProcess;

/// <summary>What a call takes that waits, with a time limit, for a task that does not end; and what it leaves behind.</summary>
internal static class WaiterMemory
{
    private const int Rounds = 3;
    private const int Waiters = 50_000;

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        IReadOnlyList<(double Waiting, double Left)>[] rounds = await Interleaved.RunAsync(Rounds, MeasureAsync, MeasureBareAsync);
        double waiting = rounds[0].Of(round => round.Waiting).Median;
        double bare = rounds[1].Of(round => round.Waiting).Median;
        double left = rounds[0].Of(round => round.Left).Median;
        double bareLeft = rounds[1].Of(round => round.Left).Median;
        return
        [
            new Row("memory of an idle waiter", Figures.Bytes(waiting), Figures.Bytes(bare), Ratio: Figures.Times(waiting / bare), Goal: "≤ 700 B", IsMet: waiting <= 700),
            new Row("left of a wait that ran out", Figures.Bytes(left), Figures.Bytes(bareLeft), Goal: "nothing (≤ 2 B: tables that have grown)", IsMet: left <= 2),
        ];
    }

    /// <summary>Each waits for a task of its own, which is the dearest way.</summary>
    private static async Task<(double Waiting, double Left)> MeasureAsync()
    {
        await using var contender = new TaskManagerContender(10_000);
        var ids = new Guid[Waiters];
        for (int i = 0; i < Waiters; i++)
        {
            ids[i] = (await contender.Tasks.SubmitAsync(NoWork.Instance, new SubmitOptions { Delay = TimeSpan.FromDays(1) })).Id;
        }

        return await MeasureAsync((i, limit) => contender.Tasks.WaitForEndAsync(ids[i], limit).AsTask());
    }

    private static async Task<(double Waiting, double Left)> MeasureBareAsync()
    {
        TaskCompletionSource[] tasks = [.. Enumerable.Range(0, Waiters).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        return await MeasureAsync(async (i, limit) => await tasks[i].Task.WaitAsync(limit, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing));
    }

    /// <summary>Measures with waits that are long enough for the machine to begin them all before the first ends.</summary>
    private static async Task<(double Waiting, double Left)> MeasureAsync(Func<int, TimeSpan, Task> wait)
    {
        var waits = new Task[Waiters];
        TimeSpan limit = TimeSpan.FromSeconds(1);
        await BeginAndWaitAsync(); // once before, so that tables and timer queues have their size
        while (true)
        {
            long before = Memory.Settled();
            (long during, bool allWaited) = await BeginAndWaitAsync();
            if (allWaited)
            {
                return ((double)(during - before) / Waiters, (double)(Memory.Settled() - before) / Waiters);
            }

            limit *= 2;
        }

        async Task<(long During, bool AllWaited)> BeginAndWaitAsync()
        {
            for (int i = 0; i < waits.Length; i++)
            {
                waits[i] = wait(i, limit);
            }

            long during = Memory.Settled();
            bool allWaited = Array.TrueForAll(waits, each => !each.IsCompleted);
            await Task.WhenAll(waits);
            Array.Clear(waits);
            return (during, allWaited);
        }
    }
}
