using Microsoft.Extensions.DependencyInjection;
using TaskManager.Benchmarks.Report;

namespace TaskManager.Benchmarks.InProcess;

/// <summary>How long after a cancel or a pause was asked for its handler knows, while every slot is taken and more tasks wait.</summary>
internal static class Reactions
{
    private const int Slots = 5;
    private const int Samples = 2_000;

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        Series cancels = await MeasureAsync((tasks, id) => tasks.CancelAsync(id));
        Series pauses = await MeasureAsync((tasks, id) => tasks.PauseAsync(id));
        return [RowOf("cancel → the handler's token has fired, every slot busy", cancels), RowOf("pause → the handler stands at its checkpoint, every slot busy", pauses)];
    }

    private static Row RowOf(string scenario, Series nanoseconds) => new(
        scenario,
        $"p50 {Figures.Nanoseconds(nanoseconds.Median)}, p99 {Figures.Nanoseconds(nanoseconds.Quantile(0.99))}",
        Goal: "p99 ≤ 10 ms",
        IsMet: nanoseconds.Quantile(0.99) <= 10e6);

    private static async Task<Series> MeasureAsync(Func<ITaskManager, Guid, ValueTask<TaskMove>> ask)
    {
        TaskManagerBuilder builder = new ServiceCollection().AddTaskManager(options => (options.MaxConcurrency, options.MaxSuspended) = (Slots, Samples + Slots));
        builder.AddHandler("work", async (Work work, TaskContext context) =>
        {
            work.Running.TrySetResult();
            try
            {
                while (true)
                {
                    await context.CheckpointAsync();
                    await Task.Yield();
                }
            }
            finally
            {
                work.Felt.TrySetResult(TimeProvider.System.GetTimestamp());
            }
        });
        await using ServiceProvider services = builder.Services.BuildServiceProvider();
        ITaskManager tasks = services.GetRequiredService<ITaskManager>();
        var running = new Queue<(Guid Id, Work Work)>();
        var nanoseconds = new double[Samples];
        for (int i = 0; i < Samples; i++)
        {
            while (running.Count < 2 * Slots)
            {
                var work = new Work();
                running.Enqueue(((await tasks.SubmitAsync("work", work)).Id, work));
            }

            (Guid id, Work oldest) = running.Dequeue();
            await oldest.Running.Task;
            long started = TimeProvider.System.GetTimestamp();
            await ask(tasks, id);
            long felt = await FeltAsync(tasks, id, oldest);
            nanoseconds[i] = TimeProvider.System.GetElapsedTime(started, felt).TotalNanoseconds;
        }

        return new Series(nanoseconds);
    }

    /// <summary>Waits until the handler was told to stop, or stands still.</summary>
    private static async Task<long> FeltAsync(ITaskManager tasks, Guid id, Work work)
    {
        Task<TaskRecord?> changed = tasks.WaitForChangeAsync(id, TaskState.Processing, TimeSpan.FromMinutes(1)).AsTask();
        return await Task.WhenAny(changed, work.Felt.Task) == changed && !work.Felt.Task.IsCompleted ? TimeProvider.System.GetTimestamp() : await work.Felt.Task;
    }

    private sealed record Work
    {
        public TaskCompletionSource Running { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<long> Felt { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
