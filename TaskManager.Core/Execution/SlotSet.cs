namespace TaskManager.Execution;

/// <summary>The slots of the pool: how many there shall be, and those that there are.</summary>
internal sealed class SlotSet(TaskTypeSet types, int wanted)
{
    /// <summary>About a second: all but the first few let a millisecond pass.</summary>
    private const int MostSpins = 1_000;

    private readonly Lock _gate = new();
    private Slot[] _present = []; // replaced under _gate, read without it
    private int _wanted = wanted;
    private int _isClosed;

    public int Wanted => Volatile.Read(ref _wanted);

    /// <summary>Gets a value indicating whether there shall be none any more, for good.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed) == 1;

    /// <summary>Gets a value indicating whether a slot's consumer is asking for a task.</summary>
    public bool IsClaiming => Array.Exists(Volatile.Read(ref _present), slot => slot.IsClaiming);

    /// <summary>Gets the attempts that hold a slot.</summary>
    public IEnumerable<LiveAttempt> Attempts => Volatile.Read(ref _present).Select(slot => slot.Attempt).OfType<LiveAttempt>();

    public LiveAttempt? Find(Guid taskId, int number)
    {
        foreach (Slot slot in Volatile.Read(ref _present))
        {
            if (slot.Attempt is { } attempt && attempt.TaskId == taskId && attempt.Attempt == number)
            {
                return attempt;
            }
        }

        return null;
    }

    /// <summary>Says how many there shall be. A full fence: who says so and then waits for the claims of the others misses none.</summary>
    public void Resize(int slots) => Interlocked.Exchange(ref _wanted, slots);

    public void Close() => Volatile.Write(ref _isClosed, 1);

    /// <summary>Adds those that are missing.</summary>
    /// <returns>Those that were added: each needs a consumer.</returns>
    public IReadOnlyList<Slot> Fill()
    {
        lock (_gate)
        {
            Slot[] present = _present;
            Slot[] added = [.. Enumerable.Range(1, _wanted).Where(number => !Array.Exists(present, slot => slot.Number == number)).Select(number => new Slot(number, types))];
            _present = [.. present, .. added];
            return added;
        }
    }

    /// <summary>
    /// Tells whether a slot is one too many, and then takes it out. Asked by its consumer, between two attempts, and never taken back: from then on its number may be another slot's.
    /// </summary>
    public bool IsRetired(Slot slot)
    {
        if (slot.IsRetired)
        {
            return true;
        }

        return (IsClosed || slot.Number > Wanted) && TryTakeOut(slot);
    }

    /// <summary>
    /// Waits for the claims of slots that may claim no more, but had asked before: when it returns, none follows. In memory that takes microseconds, and some milliseconds on a machine so
    /// busy that a claim is interrupted; a store that takes longer than a second is not waited for.
    /// </summary>
    public void LetClaimsEnd(int beyond)
    {
        var spin = new SpinWait();
        foreach (Slot slot in Volatile.Read(ref _present))
        {
            while (slot.Number > beyond && slot.IsClaiming && spin.Count < MostSpins)
            {
                spin.SpinOnce();
            }
        }
    }

    private bool TryTakeOut(Slot slot)
    {
        lock (_gate)
        {
            if (!IsClosed && slot.Number <= _wanted)
            {
                return false;
            }

            _present = [.. _present.Where(other => other != slot)];
            slot.IsRetired = true;
            return true;
        }
    }
}
