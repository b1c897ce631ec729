using System.Globalization;

namespace TaskManager.Execution;

/// <summary>One place of the in-process pool: at most one attempt holds it at a time.</summary>
internal sealed class Slot(int number)
{
    /// <summary>Who claims for all slots of the pool: only this process can let an attempt that stands in its memory go on.</summary>
    public const string Holder = "internal";

    private LiveAttempt? _attempt;

    public int Number => number;

    /// <summary>Gets the lease of every attempt in this slot. Without end: a debugger's pause must not double a task.</summary>
    public TaskLease Lease { get; } =
        new(Holder, string.Create(CultureInfo.InvariantCulture, $"internal-{number}"), Guid.Empty, TimeSpan.MaxValue);

    public LiveAttempt? Attempt => Volatile.Read(ref _attempt);

    /// <summary>Shows the attempt to those who look for it. A full fence: who shows it and then looks at the task's flags misses none.</summary>
    public void Show(LiveAttempt attempt) => Interlocked.Exchange(ref _attempt, attempt);

    public void Clear(LiveAttempt attempt) => Interlocked.CompareExchange(ref _attempt, null, attempt);
}
