namespace TaskManager.Execution;

/// <content>
/// Who has which slot. An attempt goes from place to place here alone, by one compare-and-set; who is shown where, what is counted, and who goes on with a slot follow from that, so
/// that each happens once whoever else moves the attempt at that moment.
/// </content>
internal sealed partial class WorkerPool
{
    /// <summary>Moves an attempt, if it may go there from where it is.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="place">Its place.</param>
    /// <param name="to">Where to.</param>
    /// <param name="only">The only place that it may come from; <see langword="null"/> for any.</param>
    /// <returns><see langword="false"/> when it may not, or as many are parked as may be: nothing has changed.</returns>
    public bool TryMove(LiveAttempt attempt, ref Place place, Place to, Place? only)
    {
        Place entered = Volatile.Read(ref place);
        if (!MayMove(entered) || !TryEnter(attempt, entered, to))
        {
            return false;
        }

        Place from = entered;
        while (MayMove(from))
        {
            Place seen = Interlocked.CompareExchange(ref place, to, from);
            if (seen == from)
            {
                Leave(attempt, from, to);
                return true;
            }

            from = seen;
        }

        Withdraw(attempt, entered, to);
        ForgetIfOver(attempt, from); // it may have become so before it was taken in
        return false;

        bool MayMove(Place now) => (only is null || now == only) && now.MayBecome(to);
    }

    /// <summary>Lets an attempt be found where it goes before it leaves where it was, so that nobody who looks for it misses it.</summary>
    private bool TryEnter(LiveAttempt attempt, Place from, Place to)
    {
        if (to.IsParked && !from.IsParked)
        {
            return Parked.TryAdd(attempt);
        }

        if (to == Place.Abandoned)
        {
            Interlocked.Increment(ref _abandoned);
        }
        else if (to.Hold is { } hold && hold != from.Hold)
        {
            hold.Slot.Show(attempt);
        }

        return true;
    }

    /// <summary>Takes back what <see cref="TryEnter"/> did for a move that was not made; a slot that was claimed for it stays its consumer's.</summary>
    private void Withdraw(LiveAttempt attempt, Place from, Place to)
    {
        if (to.IsParked && !from.IsParked)
        {
            Parked.Leave();
            _lessIsRunning.Raise(); // the drain may have seen it
        }
        else if (to == Place.Abandoned)
        {
            Interlocked.Decrement(ref _abandoned);
        }
        else if (to.Hold is { } hold && hold != from.Hold)
        {
            hold.Slot.Clear(attempt);
        }
    }

    private void Leave(LiveAttempt attempt, Place from, Place to)
    {
        if (from.IsParked && !to.IsParked)
        {
            Parked.Leave();
        }

        ForgetIfOver(attempt, to);
        if (from == Place.Abandoned)
        {
            Interlocked.Decrement(ref _abandoned);
            WakeAll(); // claims may have stood still at the bound
        }

        if (from.Hold is { } hold && hold != to.Hold)
        {
            Free(attempt, hold, isOver: to == Place.Over);
        }

        _lessIsRunning.Raise();
    }

    private void ForgetIfOver(LiveAttempt attempt, Place place)
    {
        if (place == Place.Over || place == Place.Abandoned)
        {
            Parked.Forget(attempt);
        }
    }

    private void Free(LiveAttempt attempt, SlotHold hold, bool isOver)
    {
        hold.Slot.Clear(attempt);
        Interlocked.Decrement(ref _busy);
        if (isOver)
        {
            hold.End();
        }
        else if (hold.GiveAway())
        {
            Consume(hold.Slot); // the old consumer is still inside the handler
        }
    }
}
