namespace TaskManager.Lifecycle;

/// <summary>Evidence of a worker that went on after it had lost a task: all reports are counted, the first few kept. The only thing about an ended attempt that still changes.</summary>
internal sealed class LateReports
{
    private const int MaxKept = 10;

    private LateReport[] _kept = [];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public IReadOnlyList<LateReport> Kept => Volatile.Read(ref _kept);

    public void Add(LateReport report)
    {
        Interlocked.Increment(ref _count);
        LateReport[] before = Volatile.Read(ref _kept);
        while (before.Length < MaxKept)
        {
            LateReport[] seen = Interlocked.CompareExchange(ref _kept, [.. before, report], before);
            if (ReferenceEquals(seen, before))
            {
                return;
            }

            before = seen;
        }
    }
}
