using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using TaskManager.Storage;

namespace TaskManager.Tests.Core.Storage;

/// <summary>What the store in memory lets go of.</summary>
public sealed class InMemoryTaskStoreMemoryTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Remove_TaskInAnEndlessChain_IsLetGo()
    {
        var store = new InMemoryTaskStore(new TaskManagerOptions { MaxRetained = 3 }, _clock);
        List<WeakReference> parameters = await RunChainAsync(store, length: 50);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        // The last few are kept, and each holds the one that it depends on.
        Assert.InRange(parameters.Count(reference => reference.IsAlive), 3, 5);
        Assert.All(parameters[^3..], reference => Assert.True(reference.IsAlive));
        GC.KeepAlive(store);
    }

    [Fact]
    public async Task Remove_Asked_LetsGoOfValuesBehindATaskThatIsKept()
    {
        var store = new InMemoryTaskStore(new TaskManagerOptions(), _clock);
        await RunAsync(store, "kept", []);
        List<WeakReference> values = await RunAndRemoveAsync(store, count: 200, bytes: 1024 * 1024);

        GC.Collect();

        Assert.InRange(values.Count(reference => reference.IsAlive), 0, 66);
        GC.KeepAlive(store);
    }

    [Fact]
    public async Task Remove_ParentsOfATaskThatCompleted_LetsGoOfTheirValues()
    {
        var store = new InMemoryTaskStore(new TaskManagerOptions(), _clock);
        List<WeakReference> values = await RunAndRemoveParentsAsync(store);

        GC.Collect();

        Assert.Equal(0, values.Count(reference => reference.IsAlive));
        Assert.Equal(1, (await store.CountAsync(CancellationToken.None)).ByState[TaskState.Completed]);
        GC.KeepAlive(store);
    }

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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<WeakReference>> RunAndRemoveAsync(InMemoryTaskStore store, int count, int bytes)
    {
        var references = new List<WeakReference>();
        for (int i = 0; i < count; i++)
        {
            var value = new JsonPayload(new byte[bytes], Value: null);
            references.Add(new WeakReference(value));
            Guid id = await RunAsync(store, value, []);
            Assert.Equal(RemoveOutcome.Removed, await store.RemoveAsync(id, CancellationToken.None));
        }

        return references;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<WeakReference>> RunAndRemoveParentsAsync(InMemoryTaskStore store)
    {
        JsonPayload[] values = [new JsonPayload(new byte[10], Value: null), new JsonPayload(new byte[10], Value: null)];
        Guid[] parents = [await RunAsync(store, values[0], []), await RunAsync(store, values[1], [])];
        await RunAsync(store, "child", parents);
        foreach (Guid parent in parents)
        {
            Assert.Equal(RemoveOutcome.Removed, await store.RemoveAsync(parent, CancellationToken.None));
        }

        await store.RemoveExpiredAsync(CancellationToken.None); // looks for the oldest, and passes over what is gone
        return [.. values.Select(value => new WeakReference(value))];
    }

    private static async Task<Guid> RunAsync(InMemoryTaskStore store, object parameters, IReadOnlyList<Guid> dependsOn)
    {
        Guid id = (await store.AddAsync(StoreSteps.Submission(new SubmitOptions { DependsOn = dependsOn }, parameters: parameters), CancellationToken.None)).Record.Id;
        var claimed = new TaskRecord[1];
        await store.ClaimAsync(StoreSteps.AnyClaim, claimed, CancellationToken.None);
        LifecycleStatus completed = TaskLifecycle.Apply(claimed[0], LifecycleEvent.Complete(1, "done"), store.Now).Next!;
        Assert.Equal(UpdateOutcome.Updated, await store.TryUpdateAsync(claimed[0], completed, CancellationToken.None));
        return id;
    }

    // In a method of its own, so that nothing of it is alive on the stack afterwards.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<WeakReference>> RunChainAsync(InMemoryTaskStore store, int length)
    {
        var references = new List<WeakReference>();
        var claimed = new TaskRecord[1];
        Guid? previous = null;
        for (int i = 0; i < length; i++)
        {
            object parameters = new();
            references.Add(new WeakReference(parameters));
            var options = new SubmitOptions { DependsOn = previous is { } parent ? [parent] : [] };
            previous = (await store.AddAsync(StoreSteps.Submission(options, parameters: parameters), CancellationToken.None)).Record.Id;
            await store.ClaimAsync(StoreSteps.AnyClaim, claimed, CancellationToken.None);
            LifecycleStatus completed = TaskLifecycle.Apply(claimed[0], LifecycleEvent.Complete(1, "done"), store.Now).Next!;
            await store.TryUpdateAsync(claimed[0], completed, CancellationToken.None);
        }

        return references;
    }
}
