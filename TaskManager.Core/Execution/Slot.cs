using System.Globalization;

namespace TaskManager.Execution;

/// <summary>One place of the in-process pool: at most one attempt holds it at a time.</summary>
internal sealed class Slot(int number, TaskTypeSet types)
{
    /// <summary>Who claims for all slots of the pool: only this process can let an attempt that stands in its memory go on.</summary>
    public const string Holder = "internal";

    private LiveAttempt? _attempt;
    private int _isClaiming;

    public int Number => number;

    /// <summary>Gets what the slot claims: under a lease without end.</summary>
    public TaskClaim Claim { get; } = new(Holder, string.Create(CultureInfo.InvariantCulture, $"internal-{number}"), types, Timeout.InfiniteTimeSpan);

    /// <summary>Gets a value indicating whether the slot's consumer is asking for a task.</summary>
    public bool IsClaiming => Volatile.Read(ref _isClaiming) == 1;

    /// <summary>Gets or sets a value indicating whether the slot was taken out; for its consumer alone.</summary>
    public bool IsRetired { get; set; }

    public LiveAttempt? Attempt => Volatile.Read(ref _attempt);

    /// <summary>Shows the attempt to those who look for it. A full fence: who shows it and then looks at the task's flags misses none.</summary>
    public void Show(LiveAttempt attempt) => Interlocked.Exchange(ref _attempt, attempt);

    /// <summary>Says that a task is asked for. A full fence: who says so and then looks whether it may is waited for by whoever forbids it.</summary>
    public void BeginClaim() => Interlocked.Exchange(ref _isClaiming, 1);

    /// <summary>Says that there is an answer. A full fence: who says so and then looks whether somebody waits for it misses nobody who has looked before.</summary>
    public void EndClaim() => Interlocked.Exchange(ref _isClaiming, 0);

    public void Clear(LiveAttempt attempt) => Interlocked.CompareExchange(ref _attempt, null, attempt);
}
