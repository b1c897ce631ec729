namespace TaskManager.Tests.Proof;

/// <summary>Tests that weigh the heap, or block threads of the pool: nothing else may run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";

    /// <summary>Weighs what lives, once everything that does not is gone.</summary>
    public static long Heap()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>Weighs what an action leaves behind. It is repeated where much seems to be left: what leaks does so each time, while the rest of the process grows only now and then.</summary>
    public static long LeftBehind(Action action, long few)
    {
        long grown = long.MaxValue;
        for (int i = 0; i < 3 && grown >= few; i++)
        {
            long before = Heap();
            action();
            grown = Heap() - before;
        }

        return grown;
    }

    /// <inheritdoc cref="LeftBehind"/>
    public static async Task<long> LeftBehindAsync(Func<Task> action, long few)
    {
        long grown = long.MaxValue;
        for (int i = 0; i < 3 && grown >= few; i++)
        {
            long before = Heap();
            await action();
            grown = Heap() - before;
        }

        return grown;
    }
}
