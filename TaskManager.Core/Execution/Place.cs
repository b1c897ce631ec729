namespace TaskManager.Execution;

/// <summary>
/// Where an attempt is, and so which slot is its: in a slot (its <see cref="SlotHold"/>), in a slot that it is about to leave (<see cref="Parking"/>), parked without one, abandoned, or
/// over. Each attempt has one at a time; <see cref="WorkerPool.TryMove"/> alone changes it.
/// </summary>
internal abstract class Place
{
    public static readonly Place Parked = new WithoutSlot(isParked: true);
    public static readonly Place Abandoned = new WithoutSlot(isParked: false);
    public static readonly Place Over = new WithoutSlot(isParked: false);

    /// <summary>Gets the slot that the attempt has; <see langword="null"/> when it has none.</summary>
    public virtual SlotHold? Hold => null;

    /// <summary>Gets a value indicating whether the attempt is among those that live without a slot, or will be at once.</summary>
    public virtual bool IsParked => false;

    /// <summary>Tells whether an attempt may go from here to there.</summary>
    public bool MayBecome(Place next)
    {
        if (this == Over || next == Over)
        {
            return this != Over;
        }

        if (this == Abandoned || next == Abandoned)
        {
            return this != Abandoned;
        }

        return next.IsParked
            ? next.Hold is null ? IsParked && Hold is not null : !IsParked && next.Hold == Hold // first it begins to park, in its own slot; then it leaves that
            : next != this; // it goes on, in a slot that was claimed for it, or in its own when it may not park
    }

    private sealed class WithoutSlot(bool isParked) : Place
    {
        public override bool IsParked => isParked;
    }
}

/// <summary>In a slot still, and among the parked already: whoever resumes or cancels the task as soon as it is seen to be suspended finds its attempt there.</summary>
internal sealed class Parking(SlotHold hold) : Place
{
    public override SlotHold? Hold => hold;

    public override bool IsParked => true;
}
