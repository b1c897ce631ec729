using Microsoft.Extensions.Logging;

namespace TaskManager.Tests.Core.Storage;

/// <summary>What the store in memory lets go of.</summary>
public sealed class InMemoryTaskStoreMemoryTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task StoredBytes_Logs_CountUntilTheirTaskIsGone()
    {
        var steps = StoreSteps.InMemory(_clock, options => options.MaxLogEntries = 2);
        TaskRecord claimed = await steps.ClaimAsync(await steps.AddAsync());
        foreach (string line in new[] { "a long line that will be dropped", "b", "c" })
        {
            await steps.Store.AppendLogAsync(claimed.Id, 1, LogLevel.Information, line, CancellationToken.None);
        }

        Assert.InRange((await steps.CountAsync()).StoredBytes, 4, 300);
        await steps.CompleteAsync(claimed.Id);
        await steps.RemoveAsync(claimed.Id);

        Assert.Equal(0, (await steps.CountAsync()).StoredBytes);
    }

    [Fact]
    public async Task StoredBytes_LinesAreWrittenWhileTheirTaskGoes_ComeBackToNothing()
    {
        var steps = StoreSteps.InMemory(_clock, options => options.MaxRetained = 0);
        for (int round = 0; round < 1_000; round++)
        {
            await steps.Store.AddAsync(StoreSteps.Submission(), CancellationToken.None);
            TaskRecord claimed = (await steps.ClaimAsync())[0];
            using var start = new Barrier(2);
            Task writing = Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    while (steps.Store.AppendLogAsync(claimed.Id, 1, LogLevel.Information, "line", CancellationToken.None).AsTask().GetAwaiter().GetResult())
                    {
                    }
                },
                TaskCreationOptions.LongRunning);
            start.SignalAndWait();
            LifecycleStatus completed = TaskLifecycle.Apply(claimed, LifecycleEvent.Complete(1, "done"), steps.Store.Now).Next!;
            await steps.Store.TryUpdateAsync(claimed, completed, CancellationToken.None);
            await writing.Patiently();
        }

        Assert.Equal(0, (await steps.CountAsync()).StoredBytes);
    }
}
