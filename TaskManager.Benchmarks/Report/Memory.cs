namespace TaskManager.Benchmarks.Report;

/// <summary>What the garbage collector holds.</summary>
internal static class Memory
{
    /// <summary>Throws away all that nobody holds, finalizers included, and measures the rest.</summary>
    public static long Settled()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
